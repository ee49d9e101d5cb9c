//! The head of every page: the name and the ways.

use super::OutboxLine;
use crate::{locale::Locale, say};
use leptos::prelude::*;

/// Where in the navigation a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Allocate,
    Everyone,
    Budgets,
    History,
    About,
}

fn ways(locale: Locale) -> [(Place, &'static str, String); 5] {
    [
        (Place::Allocate, "/", say!(locale, "nav-allocate")),
        (Place::Everyone, "/aggregate", say!(locale, "nav-everyone")),
        (Place::Budgets, "/budgets", say!(locale, "nav-budgets")),
        (Place::History, "/history", say!(locale, "nav-history")),
        (Place::About, "/about", say!(locale, "nav-about")),
    ]
}

#[component]
pub(crate) fn Masthead(place: Option<Place>) -> AnyView {
    let locale = Locale::here();
    view! {
        <header class="masthead">
            <div class="wrap masthead-inner">
                <a class="brand" href=locale.href("/")>
                    <svg viewBox="0 0 20 20" aria-hidden="true" focusable="false">
                        <rect x="0" y="2" width="20" height="4" fill="currentColor" />
                        <rect x="0" y="8" width="13" height="4" fill="currentColor" fill-opacity="0.7" />
                        <rect x="0" y="14" width="7" height="4" fill="currentColor" fill-opacity="0.45" />
                    </svg>
                    "Allot"
                </a>
                <nav aria-label=say!(locale, "nav-main")>
                    <ul class="nav">
                        {ways(locale)
                            .into_iter()
                            .map(|(way, href, name)| {
                                let here = (place == Some(way)).then_some("page");
                                view! {
                                    <li>
                                        <a href=locale.href(href) aria-current=here>
                                            {name}
                                        </a>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                </nav>
                <OutboxLine />
            </div>
        </header>
    }
    .into_any()
}
