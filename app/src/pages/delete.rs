//! Deleting a submission: the question, and the answer.

use crate::{
    api::Listed,
    components::{CodeField, Notice, Tone},
    format,
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

fn head_of(title: &str, path: String) -> Head {
    Head {
        title: title.to_owned(),
        description: "Take a split back: it stops counting at once.".to_owned(),
        path,
        listed: false,
        place: None,
        palette: None,
        islands: false,
    }
}

impl Question {
    pub(crate) fn head(&self) -> Head {
        head_of("Delete a split", format!("/results/{}/delete", self.id))
    }

    pub(crate) fn view(self) -> AnyView {
        let back = format!("/results/{}", self.id);
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
                        <span>{format!("Submitted {}", format::moment(&self.at))}</span>
                    </p>
                    <h1>"Delete this split?"</h1>
                    <p class="lede">
                        "It stops counting at once, its address leads nowhere any more, and nobody can bring it back."
                    </p>
                </div>
                <form class="stack" method="post">
                    <input type="hidden" name="confirm" value="yes" />
                    {proof}
                    <p class="row">
                        <button class="button button-main button-danger" type="submit">
                            "Delete it"
                        </button>
                        <a class="button" href=back>
                            "Keep it"
                        </a>
                    </p>
                </form>
            </div>
        }
        .into_any()
    }
}

pub(crate) fn done_head(id: &str) -> Head {
    head_of("Deleted", format!("/results/{id}"))
}

pub(crate) fn done_view(listed: Listed) -> AnyView {
    view! {
        <div class="stack">
            <h1>"Deleted"</h1>
            <Notice tone=Tone::Good title="Your split no longer counts">
                <p>
                    <a href=listed.aggregate_path>"What everyone said"</a>
                    " is counted without it already."
                </p>
            </Notice>
            <p>
                <a class="button button-main" href=listed.path>
                    "Make a new one"
                </a>
            </p>
        </div>
    }
    .into_any()
}
