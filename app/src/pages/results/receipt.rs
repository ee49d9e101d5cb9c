//! The receipt: shown on the device that submitted, shortly after it did.

use crate::{
    components::{Notice, Tone},
    locale::Locale,
    pages::manage,
    say,
};
use leptos::prelude::*;

#[component]
pub(crate) fn Receipt(
    id: String,
    token: String,
    /// Scheme and host of the site; empty where it doesn't know them.
    origin: String,
) -> AnyView {
    let locale = Locale::here();
    let manage = locale.href(&manage::link(&id, &token));
    let address = format!("{origin}{manage}");
    view! {
        <div class="receipt">
            <Notice tone=Tone::Good title=say!(locale, "receipt-counted")>
                <p>{say!(locale, "receipt-link")}</p>
                <p>
                    <a class="receipt-link" href=manage>
                        {address}
                    </a>
                </p>
                <p>{say!(locale, "receipt-code")}</p>
                <code>{token.clone()}</code>
                <form method="post" action=locale.href(&format!("/results/{id}/delete"))>
                    <input type="hidden" name="manage" value=token />
                    <button class="button button-small" type="submit">
                        {say!(locale, "delete-this")}
                    </button>
                </form>
            </Notice>
        </div>
    }
    .into_any()
}
