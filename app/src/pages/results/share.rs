//! "Share" or "Copy link": `public/share.js` makes it work and shows it. Without that it is not there.

use crate::{locale::Locale, say};
use leptos::prelude::*;

/// `path` is what is passed on, whatever else the address bar says.
#[component]
pub(crate) fn Share(path: String) -> AnyView {
    let locale = Locale::here();
    view! {
        <span class="share-link">
            <button
                class="button"
                type="button"
                value=path
                data-share=say!(locale, "share")
                data-copy=say!(locale, "share-copy")
                data-copied=say!(locale, "share-copied")
                data-failed=say!(locale, "share-failed")
            >
                {say!(locale, "share-copy")}
            </button>
            <span class="small" role="status" data-share-said=""></span>
        </span>
        <script type="module" src="/share.js"></script>
    }
    .into_any()
}
