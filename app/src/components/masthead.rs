//! The head of every page: the name and the ways.

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

const WAYS: [(Place, &str, &str); 5] = [
    (Place::Allocate, "/", "Allocate"),
    (Place::Everyone, "/aggregate", "Everyone"),
    (Place::Budgets, "/budgets", "Budgets"),
    (Place::History, "/history", "History"),
    (Place::About, "/about", "About"),
];

#[component]
pub(crate) fn Masthead(place: Option<Place>) -> AnyView {
    view! {
        <header class="masthead">
            <div class="wrap masthead-inner">
                <a class="brand" href="/">
                    <svg viewBox="0 0 20 20" aria-hidden="true" focusable="false">
                        <rect x="0" y="2" width="20" height="4" fill="currentColor" />
                        <rect x="0" y="8" width="13" height="4" fill="currentColor" fill-opacity="0.7" />
                        <rect x="0" y="14" width="7" height="4" fill="currentColor" fill-opacity="0.45" />
                    </svg>
                    "Allot"
                </a>
                <nav aria-label="Main">
                    <ul class="nav">
                        {WAYS
                            .into_iter()
                            .map(|(way, href, name)| {
                                let here = (place == Some(way)).then_some("page");
                                view! {
                                    <li>
                                        <a href=href aria-current=here>
                                            {name}
                                        </a>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                </nav>
            </div>
        </header>
    }
    .into_any()
}
