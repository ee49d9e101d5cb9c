//! What a device keeps by itself: submissions that wait, those that were sent from it, and their state. The service
//! worker also shows this page in the place of any other one that can't be had without a connection.
//!
//! It is the same for everyone. What is personal is in the device's own store, and `frontend/offline/device.ts` fills
//! it in: which of the openings shows depends on what was asked for.

use crate::{
    components::{Notice, Tone},
    locale::Locale,
    say,
    shell::Head,
};
use leptos::prelude::*;

/// What the script puts a number or a moment in the place of.
const GAP: &str = "{}";

pub(crate) fn head(locale: Locale) -> Head {
    Head {
        title: say!(locale, "offline-title"),
        description: say!(locale, "offline-description"),
        path: "/offline".to_owned(),
        listed: false,
        place: None,
        palette: None,
        islands: false,
    }
}

/// `script` is the module that fills it in.
pub(crate) fn view(script: Option<String>) -> AnyView {
    let locale = Locale::here();
    view! {
        <div
            class="stack stack-loose"
            data-device=""
            data-say-everyone=say!(locale, "kept-everyone", people = GAP, moment = GAP)
            data-say-nobody=say!(locale, "kept-nobody")
            data-say-percent=say!(locale, "percent", number = GAP)
        >
            {opening("device blocked", say!(locale, "offline-title"), say!(locale, "offline-lede"))}
            {opening("result", say!(locale, "offline-result"), say!(locale, "offline-result-lede"))}
            {opening("history", say!(locale, "history-title"), say!(locale, "offline-history-lede"))}
            {opening("away", say!(locale, "offline-away"), say!(locale, "offline-away-lede"))}
            <p class="row" data-mode="result history away" hidden=true>
                <button class="button button-main" type="button" data-part="again">
                    {say!(locale, "offline-again")}
                </button>
                <a class="button" href=locale.href("/")>
                    {say!(locale, "offline-split")}
                </a>
            </p>
            <noscript>
                <p>{say!(locale, "offline-unscripted")}</p>
            </noscript>
            <div data-mode="blocked" hidden=true>
                <Notice tone=Tone::Note title=say!(locale, "offline-blocked")>
                    <p>{say!(locale, "offline-blocked-about")}</p>
                </Notice>
            </div>
            <div data-part="unsaved" hidden=true>
                <Notice tone=Tone::Note title=say!(locale, "offline-unsaved")>
                    <p>{say!(locale, "offline-blocked-about")}</p>
                </Notice>
            </div>
            <section class="section" data-mode="device result history away" hidden=true>
                <h2 class="hush">{say!(locale, "offline-splits")}</h2>
                <p class="muted" data-part="empty">
                    {say!(locale, "offline-empty")}
                </p>
                <ol class="kept" data-part="list" hidden=true></ol>
            </section>
            <section class="section" data-mode="device" hidden=true>
                <h2>{say!(locale, "offline-long")}</h2>
                <p>{say!(locale, "offline-long-about")}</p>
                <p data-part="pages-kept" hidden=true>
                    {say!(locale, "offline-pages-kept")}
                </p>
                <p data-part="pages-lost" hidden=true>
                    {say!(locale, "offline-pages-lost")}
                </p>
                <p>
                    <button class="button button-danger" type="button" data-part="remove-all">
                        {say!(locale, "offline-remove-all")}
                    </button>
                </p>
            </section>
            <template data-part="entry">{entry(locale)}</template>
            {script.map(|src| view! { <script type="module" src=src></script> })}
        </div>
    }
    .into_any()
}

/// One of the page's headings; the script shows the one that fits, and without it the first does.
fn opening(mode: &'static str, title: String, lede: String) -> AnyView {
    let hidden = !mode.starts_with("device");
    view! {
        <div class="opening" data-mode=mode hidden=hidden>
            <h1>{title}</h1>
            <p class="lede">{lede}</p>
        </div>
    }
    .into_any()
}

/// A submission: what the script copies and fills.
fn entry(locale: Locale) -> AnyView {
    view! {
        <li>
            <p class="kept-head">
                <strong data-part="title"></strong>
                <span class="muted" data-part="when"></span>
                <span
                    class="tag"
                    data-part="state"
                    data-say-sending=say!(locale, "kept-sending")
                    data-say-waiting=say!(locale, "kept-waiting")
                    data-say-counted=say!(locale, "kept-counted")
                    data-say-replaced=say!(locale, "kept-replaced")
                    data-say-deleted=say!(locale, "kept-deleted")
                    data-say-refused=say!(locale, "kept-refused")
                ></span>
            </p>
            <p
                data-part="why"
                data-say-sending=say!(locale, "kept-sending-why")
                data-say-waiting-offline=say!(locale, "kept-offline-why")
                data-say-waiting-busy=say!(locale, "kept-busy-why")
                data-say-waiting-limited=say!(locale, "kept-limited-why")
                data-say-counted=say!(locale, "kept-counted-why")
                data-say-replaced=say!(locale, "kept-replaced-why")
                data-say-deleted=say!(locale, "kept-deleted-why")
                data-say-refused-closed=say!(locale, "kept-closed-why")
                data-say-refused-gone=say!(locale, "kept-gone-why")
                data-say-refused-changed=say!(locale, "kept-changed-why")
                data-say-refused-deleted=say!(locale, "kept-deleted-why")
                data-say-refused-unsure=say!(locale, "kept-unsure-why")
                data-say-refused-failed=say!(locale, "kept-failed-why")
            ></p>
            {shares(locale)} {ways(locale)}
        </li>
    }
    .into_any()
}

/// Its figures, folded away.
fn shares(locale: Locale) -> AnyView {
    view! {
        <details class="figures">
            <summary>{say!(locale, "kept-shares")}</summary>
            <div class="table-scroll" tabindex="0" role="region" aria-label=say!(locale, "kept-shares")>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{say!(locale, "kept-area")}</th>
                            <th scope="col">{say!(locale, "kept-you")}</th>
                            <th scope="col">{say!(locale, "kept-mean")}</th>
                        </tr>
                    </thead>
                    <tbody data-part="rows"></tbody>
                </table>
            </div>
            <p class="small muted" data-part="source"></p>
        </details>
    }
    .into_any()
}

/// What can be done with it.
fn ways(locale: Locale) -> AnyView {
    view! {
        <p class="row">
            <a class="button button-small" href=locale.href("/") data-part="results">
                {say!(locale, "kept-results")}
            </a>
            <a class="button button-small" href=locale.href("/") data-part="manage">
                {say!(locale, "kept-manage")}
            </a>
            <button class="button button-small" type="button" data-part="edit">
                {say!(locale, "kept-edit")}
            </button>
            <button class="button button-small" type="button" data-part="forget">
                {say!(locale, "kept-forget")}
            </button>
        </p>
    }
    .into_any()
}
