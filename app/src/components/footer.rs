//! The foot of every page. It is the same for everyone, so that whole pages can be cached.

use crate::{
    locale::{Language, Locale},
    say,
};
use leptos::prelude::*;

/// `path` and `query` are those of the page, without a language.
#[component]
pub(crate) fn Footer(path: String, query: String) -> AnyView {
    let locale = Locale::here();
    view! {
        <footer class="footer">
            <div class="wrap footer-inner">
                <p>{say!(locale, "footer-anonymous")}</p>
                <ul class="ways">
                    <li>
                        <a href=locale.href("/history#device")>{say!(locale, "device-title")}</a>
                    </li>
                    <li>
                        <a href=locale.href("/about#privacy")>{say!(locale, "about-privacy")}</a>
                    </li>
                    <li>
                        <a href=locale.href("/about#sources")>{say!(locale, "footer-sources")}</a>
                    </li>
                    <li>
                        <a href=locale.href("/about#api")>{say!(locale, "about-api")}</a>
                    </li>
                </ul>
                <Languages path=path query=query />
            </div>
        </footer>
    }
    .into_any()
}

/// The same page in each language, each called as its speakers call it.
#[component]
fn Languages(path: String, query: String) -> AnyView {
    let here = Locale::here().language();
    let ways = Language::ALL.map(|language| {
        let href = format!("{}{query}", Locale::explicit(language).href(&path));
        let current = (language == here).then_some("true");
        view! {
            <li>
                <a href=href lang=language.tag() hreflang=language.tag() aria-current=current>
                    {language.own_name()}
                </a>
            </li>
        }
    });
    view! {
        <nav aria-label=say!(Locale::here(), "language")>
            <ul class="ways">{ways.into_iter().collect_view()}</ul>
        </nav>
    }
    .into_any()
}
