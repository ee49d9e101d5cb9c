//! What the manage link of a receipt leads to: export and deletion of one submission, on any device.

use super::delete::Proof;
use crate::{api::Past, components::CodeField, locale::Locale, say, shell::Head};
use leptos::prelude::*;

/// The neutral path that the receipt links to, for whoever has the code.
pub(crate) fn link(id: &str, code: &str) -> String {
    format!("/results/{id}/manage?code={code}")
}

/// What can be done with a submission.
pub(crate) struct Management {
    pub past: Past,
    /// What proves that the visitor may.
    pub proof: Proof,
    /// The code that was given does not fit.
    pub refused: bool,
}

impl Management {
    pub(crate) fn head(&self, locale: Locale) -> Head {
        Head {
            title: say!(locale, "manage-title"),
            description: say!(locale, "manage-description"),
            // Without the code: a canonical address must not give it away.
            path: format!("/results/{}/manage", self.past.view.id),
            listed: false,
            place: None,
            palette: None,
            islands: false,
        }
    }

    /// Whether the visitor may.
    pub(crate) const fn is_open(&self) -> bool {
        !matches!(self.proof, Proof::Wanted)
    }

    pub(crate) fn view(self) -> AnyView {
        let Self { past: Past { listed, view, .. }, proof, refused } = self;
        let locale = Locale::here();
        let results = locale.href(&format!("/results/{}", view.id));
        let act = |path: String, class: &'static str, name: String| match &proof {
            Proof::Code(code) => view! {
                <form method="post" action=path>
                    <input type="hidden" name="manage" value=code.clone() />
                    <button class=class type="submit">
                        {name}
                    </button>
                </form>
            }
            .into_any(),
            _ => view! {
                <a class=class href=path>
                    {name}
                </a>
            }
            .into_any(),
        };
        let ways = if matches!(proof, Proof::Wanted) {
            view! {
                <form class="stack" method="post" action=format!("{results}/manage")>
                    <CodeField refused=refused />
                    <p>
                        <button class="button button-main" type="submit">
                            {say!(locale, "manage-go-on")}
                        </button>
                    </p>
                </form>
            }
            .into_any()
        } else {
            view! {
                <p>{if view.counted { say!(locale, "manage-counts") } else { say!(locale, "manage-replaced") }}</p>
                <section class="stack stack-tight">
                    <h2>{say!(locale, "manage-along")}</h2>
                    <div class="row">
                        {act(format!("{results}/export.json"), "button", say!(locale, "download-json"))}
                        {act(format!("{results}/export.csv"), "button", say!(locale, "download-csv"))}
                    </div>
                </section>
                <section class="stack stack-tight">
                    <h2>{say!(locale, "manage-back")}</h2>
                    <p>{say!(locale, "manage-back-about")}</p>
                    <div class="row">
                        {act(format!("{results}/delete"), "button button-danger", say!(locale, "delete-this"))}
                    </div>
                </section>
            }
            .into_any()
        };
        view! {
            <div class="stack stack-loose">
                <div class="opening">
                    <p class="kicker">
                        <strong>{listed.budget.title}</strong>
                        <span>{say!(locale, "submitted-at", moment = locale.moment(&view.at))}</span>
                    </p>
                    <h1>{say!(locale, "manage-heading")}</h1>
                    <p class="row">
                        <a class="button button-small" href=results.clone()>
                            {say!(locale, "manage-see")}
                        </a>
                    </p>
                </div>
                {ways}
            </div>
        }
        .into_any()
    }
}
