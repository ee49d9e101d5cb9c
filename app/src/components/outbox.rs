//! What every page says about submissions that wait on the device, and about a new version. `frontend/offline` fills
//! and shows it; without a script there is nothing to say.

use crate::{locale::Locale, say};
use leptos::prelude::*;

/// What the script puts a number or a name in the place of.
const GAP: &str = "{}";

/// A line in the masthead. It is empty unless something waits or was refused.
#[component]
pub(crate) fn OutboxLine() -> AnyView {
    let locale = Locale::here();
    view! {
        <p
            class="outbox"
            aria-live="polite"
            data-outbox=""
            data-say-waiting=say!(locale, "outbox-waiting", number = GAP)
            data-say-refused=say!(locale, "outbox-refused", number = GAP)
            data-say-sent=say!(locale, "outbox-sent")
        ></p>
    }
    .into_any()
}

/// A new version waits: whoever reads decides when.
#[component]
pub(crate) fn UpdateNotice() -> AnyView {
    let locale = Locale::here();
    view! {
        <section class="update" aria-label=say!(locale, "update-label") data-update="" hidden=true>
            <p>{say!(locale, "update-about")}</p>
            <button class="button button-small" type="button">
                {say!(locale, "update-switch")}
            </button>
        </section>
    }
    .into_any()
}
