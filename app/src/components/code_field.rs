//! Where the code of a receipt is typed.

use leptos::prelude::*;

/// The field, named `manage`; `refused` after a code that does not fit.
#[component]
pub(crate) fn CodeField(refused: bool) -> AnyView {
    let error = refused.then(|| {
        view! {
            <p class="field-error" id="manage-error">
                "This code does not belong to this split. Check that the whole code was copied."
            </p>
        }
    });
    view! {
        <div class="stack stack-tight">
            <label for="manage">"The code of its receipt"</label>
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
