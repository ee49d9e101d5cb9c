//! The document around every page.

use crate::{
    components::{Footer, Masthead, Place},
    server::{Assets, Site},
};
use leptos::prelude::*;

/// What the head of a page says.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// Without the name of the site.
    pub title: String,
    /// One or two sentences, for search results and link previews.
    pub description: String,
    /// The canonical path.
    pub path: String,
    /// Whether search engines may list it.
    pub listed: bool,
    /// Where in the navigation it is.
    pub place: Option<Place>,
    /// The palette sheet of the budget that it shows.
    pub palette: Option<String>,
    /// Whether it has islands: only then is there any script.
    pub islands: bool,
}

/// The whole document.
pub(crate) fn document(head: Head, site: &Site, assets: &Assets, main: AnyView) -> impl IntoView {
    let title = format!("{} – Allot", head.title);
    let address = |path: &str| match &site.public_url {
        Some(origin) => format!("{}{path}", origin.trim_end_matches('/')),
        None => path.to_owned(),
    };
    let canonical = address(&head.path);
    let scripts = head.islands.then(|| scripts(assets));
    view! {
        <!DOCTYPE html>
        <html lang="en" dir="ltr">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title.clone()}</title>
                <meta name="description" content=head.description.clone() />
                {(!head.listed).then(|| view! { <meta name="robots" content="noindex" /> })}
                <link rel="canonical" href=canonical.clone() />
                <link rel="stylesheet" href=assets.css.clone() />
                {head.palette.map(|href| view! { <link rel="stylesheet" href=href /> })}
                {scripts}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#1a1d20" media="(prefers-color-scheme: dark)" />
                {property("og:type", "website".to_owned())}
                {property("og:site_name", "Allot".to_owned())}
                {property("og:title", title)}
                {property("og:description", head.description)}
                {site.public_url.is_some().then(|| property("og:url", canonical))}
                {property("og:image", address("/icons/preview.png"))}
                <meta name="twitter:card" content="summary_large_image" />
            </head>
            <body>
                <a class="skip" href="#main">
                    "Skip to main content"
                </a>
                <Masthead place=head.place />
                <main id="main" class="main wrap" tabindex="-1">
                    {main}
                </main>
                <Footer />
            </body>
        </html>
    }
}

/// One line of the Open Graph protocol.
fn property(name: &'static str, content: String) -> impl IntoView {
    leptos::html::meta().content(content).attr("property", name)
}

/// The page's script and the WASM that it starts, fetched side by side. The module itself hydrates the
/// islands, so that no inline script is needed.
fn scripts(assets: &Assets) -> AnyView {
    if let (Some(js), Some(wasm)) = (assets.js.clone(), assets.wasm.clone()) {
        return view! {
            <link rel="modulepreload" href=js.clone() />
            <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="" />
            <script type="module" r#async=true src=js></script>
        }
        .into_any();
    }
    match &assets.leptos {
        Some(options) => view! { <HydrationScripts options=options.clone() islands=true /> }.into_any(),
        None => ().into_any(),
    }
}
