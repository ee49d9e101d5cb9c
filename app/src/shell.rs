//! The document around every page.

use crate::{
    components::{Footer, Masthead, Place, UpdateNotice},
    locale::{Language, Locale},
    say,
    server::{Asked, Assets},
    stream::later,
    vitals::page_of,
};
use leptos::prelude::*;

/// Stands for the nonce of the answer in pages that `cargo leptos` serves.
pub(crate) const NONCE: &str = "{nonce}";

/// What the head of a page says.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// Without the name of the site.
    pub title: String,
    /// One or two sentences, for search results and link previews.
    pub description: String,
    /// The canonical path, neutral: without a language.
    pub path: String,
    /// Whether search engines may list it.
    pub listed: bool,
    /// Where in the navigation it is.
    pub place: Option<Place>,
    /// The palette sheet of the budget that it shows.
    pub palette: Option<String>,
    /// Whether it has islands: only then is there any WASM.
    pub islands: bool,
}

/// The whole document.
pub(crate) fn document(head: Head, asked: &Asked, assets: &Assets, main: AnyView) -> impl IntoView {
    let locale = asked.locale;
    let language = locale.language();
    let title = format!("{} – Allot", head.title);
    let address = |path: &str| format!("{}{path}", asked.origin.as_deref().unwrap_or_default());
    let canonical = address(&locale.href(&head.path));
    let alternates = head.listed.then(|| {
        let explicit = Language::ALL.map(|other| (other.tag(), address(&Locale::explicit(other).href(&head.path))));
        let all = explicit.into_iter().chain([("x-default", address(&head.path))]);
        all.map(|(tag, href)| view! { <link rel="alternate" hreflang=tag href=href /> }).collect_view()
    });
    let other_languages =
        Language::ALL.into_iter().filter(|other| *other != language).map(Language::open_graph).map(str::to_owned);
    let other_languages = other_languages.map(|name| property("og:locale:alternate", name)).collect_view();
    let query = asked.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
    let here = head.path.clone();
    let scripts = head.islands.then(|| scripts(assets));
    view! {
        <!DOCTYPE html>
        <html lang=language.tag() dir=language.direction()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title.clone()}</title>
                <meta name="description" content=head.description.clone() />
                {(!head.listed).then(|| view! { <meta name="robots" content="noindex" /> })}
                <link rel="canonical" href=canonical.clone() />
                {alternates}
                {(!assets.css.is_empty()).then(|| view! { <link rel="stylesheet" href=assets.css.clone() /> })}
                {head.palette.map(|href| view! { <link rel="stylesheet" href=href /> })}
                {scripts} {outbox(assets, &asked.path)}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#1a1d20" media="(prefers-color-scheme: dark)" />
                {property("og:type", "website".to_owned())}
                {property("og:site_name", "Allot".to_owned())}
                {property("og:locale", language.open_graph().to_owned())}
                {other_languages}
                {property("og:title", title.clone())}
                {property("og:description", head.description.clone())}
                {asked.origin.is_some().then(|| property("og:url", canonical))}
                {property("og:image", address("/icons/preview.png"))}
                <meta name="twitter:card" content="summary_large_image" />
                <meta name="twitter:title" content=title />
                <meta name="twitter:description" content=head.description />
                <meta name="twitter:image" content=address("/icons/preview.png") />
            </head>
            <body>
                <a class="skip" href="#main">
                    {say!(locale, "skip")}
                </a>
                <Masthead place=head.place />
                <main id="main" class="main wrap" tabindex="-1">
                    {main}
                </main>
                {later(move || view! { <Footer path=here query=query /> <UpdateNotice /> }.into_any())}
            </body>
        </html>
    }
}

/// One line of the Open Graph protocol.
fn property(name: &'static str, content: String) -> impl IntoView {
    leptos::html::meta().content(content).attr("property", name)
}

/// Sends what waits on this device and looks after the service worker, on every page; some visits it measures. Nothing
/// waits for it.
fn outbox(assets: &Assets, path: &str) -> Option<impl IntoView + use<>> {
    let worker = assets.worker.clone();
    let measuring = assets.vitals.clone();
    let page = measuring.as_ref().map(|_| page_of(path));
    let percent = measuring.as_ref().map(|measuring| measuring.percent.to_string());
    let vitals = measuring.map(|measuring| measuring.script);
    assets.outbox.clone().map(|src| {
        view! {
            <script
                type="module"
                src=src
                fetchpriority="low"
                data-worker=worker
                data-vitals=vitals
                data-vitals-percent=percent
                data-vitals-page=page
            ></script>
        }
    })
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
        Some(options) => cargo_leptos_script(options).into_any(),
        None => ().into_any(),
    }
}

/// What the release pipeline bundles into the page's script, inline: `cargo leptos` builds the bindings alone.
/// Islands don't nest here. The nonce is filled in by `server::nonce`.
fn cargo_leptos_script(options: &leptos::config::LeptosOptions) -> impl IntoView {
    let base = format!("/{}/{}", options.site_pkg_dir, options.output_name);
    let script = format!(
        "import * as app from '{base}.js';\
         await app.default({{module_or_path: '{base}.wasm'}});\
         app.hydrate();\
         for (const island of document.querySelectorAll('leptos-island')) app[island.dataset.component]?.(island);"
    );
    view! {
        <script type="module" nonce=NONCE>
            {script}
        </script>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{api::Listed, pages};
    use domain::{Budget, Category};
    use hydration_context::SsrSharedContext;
    use std::sync::Arc;

    const LOCALE: Locale = Locale::explicit(Language::English);

    fn listed() -> Listed {
        let category = |slug: &str| Category {
            slug: slug.to_owned(),
            name: "Roads & <bridges>".to_owned(),
            description: "\"What\" it covers".to_owned(),
            color: "#123456".to_owned(),
            actual_points: None,
        };
        let budget = Budget {
            slug: "town".to_owned(),
            title: "Our town".to_owned(),
            currency: "EUR".to_owned(),
            categories: vec![category("roads"), category("bridges")],
            actual: None,
            segments: Vec::new(),
            translations: Default::default(),
        };
        Listed { budget, closed: false, path: "/b/town".to_owned(), aggregate_path: "/b/town/aggregate".to_owned() }
    }

    fn render(head: Head, origin: Option<&str>, view: impl FnOnce() -> AnyView) -> String {
        let asked = Asked { locale: LOCALE, path: head.path.clone(), query: None, origin: origin.map(Arc::from) };
        let assets = Assets {
            css: "/pkg/a.css".to_owned(),
            js: Some("/pkg/a.js".to_owned()),
            wasm: Some("/pkg/a.wasm".to_owned()),
            outbox: Some("/pkg/o.js".to_owned()),
            worker: Some("/sw.js".to_owned()),
            ..Assets::default()
        };
        let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
        owner.with(|| {
            provide_context(asked.locale);
            document(head, &asked, &assets, view()).to_html()
        })
    }

    fn allocate() -> String {
        let ballot = pages::allocate::Ballot {
            listed: listed(),
            id: "0192d3a4-58cc-7372-a567-0e02b2c3d479".to_owned(),
            newcomer: None,
            values: vec!["12,5".to_owned(), "x".to_owned()],
            errors: vec![domain::FieldError::new("points.bridges", "must be a number")],
            refusal: None,
            last: None,
            known: None,
            with_actual: None,
        };
        render(ballot.head(LOCALE), None, || ballot.view())
    }

    #[test]
    fn pages_have_nothing_inline_that_the_content_security_policy_forbids() {
        let budgets = || render(pages::budgets::head(LOCALE), None, || pages::budgets::view(vec![(listed(), Some(2))]));
        for html in [allocate(), budgets()] {
            assert!(!html.contains(" style="), "{html}");
            assert!(!html.contains("<style"), "{html}");
            for script in html.split("<script").skip(1) {
                let (attributes, content) = script.split_once('>').unwrap();
                assert!(attributes.contains(" src=\"/pkg/") && content.starts_with("</script>"), "{script}");
            }
        }
    }

    #[test]
    fn only_a_page_with_an_island_loads_its_code_and_every_page_the_outbox() {
        let budgets = render(pages::budgets::head(LOCALE), None, || pages::budgets::view(Vec::new()));
        assert!(allocate().contains("/pkg/a.wasm"));
        assert!(!budgets.contains("/pkg/a.wasm"));
        for html in [allocate(), budgets] {
            assert!(html.contains("src=\"/pkg/o.js\"") && html.contains("data-worker=\"/sw.js\""), "{html}");
        }
    }

    #[test]
    fn cargo_leptos_gets_a_script_with_a_nonce() {
        let options = leptos::config::LeptosOptions::builder().output_name("allot").build();
        let assets = Assets { leptos: Some(options), ..Assets::default() };
        let html = scripts(&assets).to_html();
        assert!(
            html.starts_with("<script type=\"module\" nonce=\"{nonce}\">import * as app from '/pkg/allot.js';"),
            "{html}"
        );
    }

    #[test]
    fn what_was_typed_stays_with_its_error_beside_it() {
        let html = allocate();
        assert!(html.contains("value=\"12,5\""));
        assert!(html.contains("id=\"error-bridges\""));
        assert!(html.contains("aria-describedby=\"about-bridges error-bridges\""));
    }

    #[test]
    fn texts_of_a_budget_are_escaped() {
        let html = allocate();
        assert!(html.contains("Roads &amp; &lt;bridges&gt;"));
        assert!(!html.contains("<bridges>"));
    }

    fn about(recent: bool) -> AnyView {
        pages::about::view(Vec::new(), None, recent)
    }

    #[test]
    fn the_third_cookie_is_named_where_it_is_set() {
        for recent in [true, false] {
            let html = render(pages::about::head(LOCALE), None, || about(recent));
            assert!(html.contains("The one lasting cookie") && html.contains("a second cookie"), "{html}");
            assert_eq!(html.contains("a third cookie"), recent, "{html}");
        }
    }

    #[test]
    fn link_previews_have_absolute_addresses() {
        let html = render(pages::about::head(LOCALE), Some("https://allot.example"), || about(false));
        assert!(html.contains("<link rel=\"canonical\" href=\"https://allot.example/en/about\">"), "{html}");
        assert!(html.contains("https://allot.example/icons/preview.png"));
    }
}
