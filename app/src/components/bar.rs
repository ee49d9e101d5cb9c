//! A horizontal bar of a chart, and the key to the kinds of bars.

use crate::{locale::Locale, say};
use leptos::prelude::*;

/// Whose share a bar shows. Told apart by height and filling, not by colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BarKind {
    Mine,
    Everyone,
    Actual,
}

impl BarKind {
    pub(crate) fn name(self, locale: Locale) -> String {
        match self {
            Self::Mine => say!(locale, "you"),
            Self::Everyone => say!(locale, "everyone"),
            Self::Actual => say!(locale, "actual"),
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Mine => "bar bar-mine",
            Self::Everyone => "bar bar-everyone",
            Self::Actual => "bar bar-actual",
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Mine => "key key-mine",
            Self::Everyone => "key key-everyone",
            Self::Actual => "key key-actual",
        }
    }
}

/// `points` on a scale that ends at `scale` points.
#[component]
pub(crate) fn Bar(kind: BarKind, points: u16, scale: u16) -> AnyView {
    view! {
        <svg
            class=kind.class()
            viewBox=format!("0 0 {scale} 100")
            preserveAspectRatio="none"
            aria-hidden="true"
            focusable="false"
        >
            <rect x="0" y="0" width=points height="100" />
            <line x1="0" y1="0" x2="0" y2="100" />
        </svg>
    }
    .into_any()
}

/// What the kinds look like.
#[component]
pub(crate) fn Keys(kinds: Vec<(BarKind, String)>) -> AnyView {
    view! {
        <ul class="keys" aria-hidden="true">
            {kinds
                .into_iter()
                .map(|(kind, text)| {
                    view! {
                        <li>
                            <svg class=kind.key() viewBox="0 0 28 12" focusable="false">
                                <rect x="1" y="1" width="26" height="10" />
                            </svg>
                            {text}
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}
