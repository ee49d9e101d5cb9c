//! The receipt: shown on the device that submitted, shortly after it did.

use crate::components::{Notice, Tone};
use leptos::prelude::*;

#[component]
pub(crate) fn Receipt(id: String, token: String) -> AnyView {
    view! {
        <div class="receipt">
            <Notice tone=Tone::Good title="Your split is counted">
                <p>
                    "The address of this page is yours to share. To delete the split later, even from another device, you need this code. It is shown only now:"
                </p>
                <code>{token.clone()}</code>
                <form method="post" action=format!("/results/{id}/delete")>
                    <input type="hidden" name="manage" value=token />
                    <button class="button button-small" type="submit">
                        "Delete this split …"
                    </button>
                </form>
            </Notice>
        </div>
    }
    .into_any()
}
