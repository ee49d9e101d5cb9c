//! The receipt: shown on the device that submitted, shortly after it did.

use crate::{
    components::{Notice, Tone},
    pages::manage,
};
use leptos::prelude::*;

#[component]
pub(crate) fn Receipt(
    id: String,
    token: String,
    /// Scheme and host of the site; empty where it doesn't know them.
    origin: String,
) -> AnyView {
    let manage = manage::link(&id, &token);
    let address = format!("{origin}{manage}");
    view! {
        <div class="receipt">
            <Notice tone=Tone::Good title="Your split is counted">
                <p>
                    "The address of this page is yours to share. To export or delete the split later, even on another device, keep this link to yourself. It is shown only now:"
                </p>
                <p>
                    <a class="receipt-link" href=manage>
                        {address}
                    </a>
                </p>
                <p>"Its code, wherever it is asked for:"</p>
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
