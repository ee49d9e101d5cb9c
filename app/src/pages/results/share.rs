//! "Share" or "Copy link": `public/share.js` makes it work and shows it. Without that it is not there.

use leptos::prelude::*;

/// `path` is what is passed on, whatever else the address bar says.
#[component]
pub(crate) fn Share(path: String) -> AnyView {
    view! {
        <span class="share-link">
            <button
                class="button"
                type="button"
                value=path
                data-share="Share"
                data-copy="Copy link"
                data-copied="The link is copied."
                data-failed="Please copy it yourself:"
            >
                "Copy link"
            </button>
            <span class="small" role="status" data-share-said=""></span>
        </span>
        <script type="module" src="/share.js"></script>
    }
    .into_any()
}
