//! Deleting everything that this device has submitted: the question, and the answer.

use crate::{
    components::{Notice, Tone},
    format,
    shell::Head,
};
use leptos::prelude::*;

/// `1 split`, `2,000 splits`.
fn splits(number: usize) -> String {
    if number == 1 { "1 split".to_owned() } else { format!("{} splits", format::count(number as u64)) }
}

pub(crate) fn head(title: &str) -> Head {
    Head {
        title: title.to_owned(),
        description: "Take all splits of this device back: they stop counting at once.".to_owned(),
        path: "/history/delete".to_owned(),
        listed: false,
        place: None,
        palette: None,
        islands: false,
    }
}

/// Asks about so many.
pub(crate) fn question(number: usize) -> AnyView {
    view! {
        <div class="stack">
            <div class="opening">
                <h1>"Delete all your splits?"</h1>
                <p class="lede">
                    {format!(
                        "This device has submitted {}. Nothing of it counts from then on, and nobody can bring it back.",
                        splits(number),
                    )}
                </p>
            </div>
            <p>
                <a href="/history/export.json">"Download them as JSON"</a>
                " or "
                <a href="/history/export.csv">"as CSV"</a>
                " first, if you want to keep a copy."
            </p>
            <form method="post">
                <p class="row">
                    <button class="button button-main button-danger" type="submit">
                        {format!("Delete {}", splits(number))}
                    </button>
                    <a class="button" href="/history">
                        "Keep everything"
                    </a>
                </p>
            </form>
        </div>
    }
    .into_any()
}

/// So many are gone.
pub(crate) fn done(number: usize) -> AnyView {
    let title = format!("{} deleted", splits(number));
    view! {
        <div class="stack">
            <h1>"Deleted"</h1>
            <Notice tone=Tone::Good title=title>
                <p>"What everyone said is counted without you already."</p>
            </Notice>
            <p class="row">
                <a class="button button-main" href="/">
                    "Make a new one"
                </a>
                <a class="button" href="/history">
                    "My history"
                </a>
            </p>
        </div>
    }
    .into_any()
}
