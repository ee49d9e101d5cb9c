//! What a budget without actual spending says of that.

use crate::{api::WithActual, locale::Locale, say};
use leptos::prelude::*;

/// Points to the other one; nothing where there is none.
#[component]
pub(crate) fn WithoutActual(other: Option<WithActual>) -> AnyView {
    let locale = Locale::here();
    other
        .map(|WithActual { title, path }| {
            view! {
                <p class="small muted">
                    {say!(locale, "without-actual")} " " <a href=locale.href(&path)>{title}</a> "."
                </p>
            }
        })
        .into_any()
}
