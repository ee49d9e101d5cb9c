//! Where the code of a receipt is typed.

use crate::{locale::Locale, say};
use leptos::prelude::*;

/// The field, named `manage`; `refused` after a code that does not fit.
#[component]
pub(crate) fn CodeField(refused: bool) -> AnyView {
    let locale = Locale::here();
    let error = refused.then(|| {
        view! {
            <p class="field-error" id="manage-error">
                {say!(locale, "code-refused")}
            </p>
        }
    });
    view! {
        <div class="stack stack-tight">
            <label for="manage">{say!(locale, "code-label")}</label>
            {error}
            <input
                class="text-input"
                type="text"
                id="manage"
                name="manage"
                autocomplete="off"
                spellcheck="false"
                aria-describedby=refused.then_some("manage-error")
                aria-invalid=refused.then_some("true")
            />
        </div>
    }
    .into_any()
}
