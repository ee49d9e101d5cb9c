//! What the manage link of a receipt leads to: export and deletion of one submission, on any device.

use super::delete::Proof;
use crate::{api::Past, components::CodeField, format, shell::Head};
use leptos::prelude::*;

/// The path that the receipt links to, for whoever has the code.
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
    pub(crate) fn head(&self) -> Head {
        Head {
            title: "Manage a split".to_owned(),
            description: "Delete or export one split, on any device.".to_owned(),
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
        let results = format!("/results/{}", view.id);
        let act = |path: String, class: &'static str, name: &'static str| match &proof {
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
                            "Go on"
                        </button>
                    </p>
                </form>
            }
            .into_any()
        } else {
            view! {
                <p>{if view.counted { "It counts." } else { "A newer one has replaced it in the count." }}</p>
                <section class="stack stack-tight">
                    <h2>"Take it along"</h2>
                    <div class="row">
                        {act(format!("{results}/export.json"), "button", "Download as JSON")}
                        {act(format!("{results}/export.csv"), "button", "Download as CSV")}
                    </div>
                </section>
                <section class="stack stack-tight">
                    <h2>"Take it back"</h2>
                    <p>"It stops counting at once. You are asked before anything happens."</p>
                    <div class="row">{act(format!("{results}/delete"), "button button-danger", "Delete this split …")}</div>
                </section>
            }
            .into_any()
        };
        view! {
            <div class="stack stack-loose">
                <div class="opening">
                    <p class="kicker">
                        <strong>{listed.budget.title}</strong>
                        <span>{format!("Submitted {}", format::moment(&view.at))}</span>
                    </p>
                    <h1>"Manage this split"</h1>
                    <p>
                        <a href=results.clone()>"See it beside everyone’s"</a>
                    </p>
                </div>
                {ways}
            </div>
        }
        .into_any()
    }
}
