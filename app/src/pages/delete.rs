//! Deleting a submission: the question, and the answer.

use crate::{
    api::Listed,
    components::{CodeField, Notice, Tone},
    locale::{Locale, marked},
    say,
    shell::Head,
};
use leptos::prelude::*;

/// What is asked.
pub(crate) struct Question {
    pub id: String,
    pub listed: Listed,
    /// RFC 3339.
    pub at: String,
    /// What proves that the visitor may.
    pub proof: Proof,
    /// The code that was given does not fit.
    pub refused: bool,
}

/// What proves that a visitor may delete or export a submission.
pub(crate) enum Proof {
    /// The cookie of this device.
    Cookie,
    /// The code of the receipt, known already.
    Code(String),
    /// The code of the receipt, to be typed.
    Wanted,
}

fn head_of(locale: Locale, title: String, path: String) -> Head {
    Head {
        title,
        description: say!(locale, "delete-description"),
        path,
        listed: false,
        place: None,
        palette: None,
        islands: false,
    }
}

impl Question {
    pub(crate) fn head(&self, locale: Locale) -> Head {
        head_of(locale, say!(locale, "delete-title"), format!("/results/{}/delete", self.id))
    }

    pub(crate) fn view(self) -> AnyView {
        let locale = Locale::here();
        let back = locale.href(&format!("/results/{}", self.id));
        let proof = match self.proof {
            Proof::Cookie => ().into_any(),
            Proof::Code(code) => view! { <input type="hidden" name="manage" value=code /> }.into_any(),
            Proof::Wanted => view! { <CodeField refused=self.refused /> }.into_any(),
        };
        view! {
            <div class="stack">
                <div class="opening">
                    <p class="kicker">
                        <strong>{self.listed.budget.title}</strong>
                        <span>{say!(locale, "submitted-at", moment = locale.moment(&self.at))}</span>
                    </p>
                    <h1>{say!(locale, "delete-question")}</h1>
                    <p class="lede">
                        {say!(locale, "delete-lede")}
                    </p>
                </div>
                <form class="stack" method="post">
                    <input type="hidden" name="confirm" value="yes" />
                    {proof}
                    <p class="row">
                        <button class="button button-main button-danger" type="submit">
                            {say!(locale, "delete-yes")}
                        </button>
                        <a class="button" href=back>
                            {say!(locale, "delete-no")}
                        </a>
                    </p>
                </form>
            </div>
        }
        .into_any()
    }
}

pub(crate) fn done_head(locale: Locale, id: &str) -> Head {
    head_of(locale, say!(locale, "deleted"), format!("/results/{id}"))
}

pub(crate) fn done_view(listed: Listed) -> AnyView {
    let locale = Locale::here();
    let everyone = locale.href(&listed.aggregate_path);
    view! {
        <div class="stack">
            <h1>{say!(locale, "deleted")}</h1>
            <Notice tone=Tone::Good title=say!(locale, "delete-done")>
                <p>
                    {marked(
                        &say!(locale, "delete-done-about"),
                        |_, words| view! { <a href=everyone.clone()>{words}</a> }.into_any(),
                    )}
                </p>
            </Notice>
            <p>
                <a class="button button-main" href=locale.href(&listed.path)>
                    {say!(locale, "new-split")}
                </a>
            </p>
        </div>
    }
    .into_any()
}
