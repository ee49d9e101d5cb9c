//! Deleting everything that this device has submitted: the question, and the answer.

use crate::{
    components::{Notice, Tone},
    locale::{Locale, marked},
    say,
    shell::Head,
};
use leptos::prelude::*;

pub(crate) fn head(locale: Locale, title: String) -> Head {
    Head {
        title,
        description: say!(locale, "delete-all-description"),
        path: "/history/delete".to_owned(),
        listed: false,
        place: None,
        palette: None,
        islands: false,
    }
}

/// Asks about so many.
pub(crate) fn question(number: usize) -> AnyView {
    let locale = Locale::here();
    let copies = marked(&say!(locale, "delete-all-copies"), |kind, words| {
        view! { <a href=locale.href(&format!("/history/export.{kind}"))>{words}</a> }.into_any()
    });
    view! {
        <div class="stack">
            <div class="opening">
                <h1>{say!(locale, "delete-all-question")}</h1>
                <p class="lede">{say!(locale, "delete-all-lede", number = number)}</p>
            </div>
            <p>{copies}</p>
            <form method="post">
                <p class="row">
                    <button class="button button-main button-danger" type="submit">
                        {say!(locale, "delete-all-yes", number = number)}
                    </button>
                    <a class="button" href=locale.href("/history")>
                        {say!(locale, "delete-all-no")}
                    </a>
                </p>
            </form>
        </div>
    }
    .into_any()
}

/// So many are gone.
pub(crate) fn done(number: usize) -> AnyView {
    let locale = Locale::here();
    view! {
        <div class="stack">
            <h1>{say!(locale, "deleted")}</h1>
            <Notice tone=Tone::Good title=say!(locale, "delete-all-done", number = number)>
                <p>{say!(locale, "delete-all-done-about")}</p>
            </Notice>
            <p class="row">
                <a class="button button-main" href=locale.href("/")>
                    {say!(locale, "new-split")}
                </a>
                <a class="button" href=locale.href("/history")>
                    {say!(locale, "history-title")}
                </a>
            </p>
        </div>
    }
    .into_any()
}
