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
    /// Whether it is the one of its participant that counts.
    counted: bool,
) -> AnyView {
    let locale = Locale::here();
    let (tone, title) = if counted {
        (Tone::Good, say!(locale, "receipt-counted"))
    } else {
        (Tone::Note, say!(locale, "results-replaced"))
    };
    let manage = locale.href(&manage::link(&id, &token));
    let address = format!("{origin}{manage}");
    view! {
        <div class="receipt">
            <Notice tone=tone title=title>
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
