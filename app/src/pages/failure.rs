//! Pages for what cannot be shown.

use crate::{locale::Locale, say, shell::Head};
use leptos::prelude::*;

/// Why a page cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No such address.
    NotFound,
    /// A query or a form that none of our pages makes.
    Unreadable,
    /// No submission has this id.
    NoSuchSubmission,
    /// The submission was deleted.
    Gone,
    /// Too busy, or the database is away.
    Busy,
    /// Our fault.
    Broken,
}

impl Failure {
    fn title(self, locale: Locale) -> String {
        match self {
            Self::NotFound => say!(locale, "not-found"),
            Self::Unreadable => say!(locale, "unreadable"),
            Self::NoSuchSubmission => say!(locale, "no-such-submission"),
            Self::Gone => say!(locale, "gone"),
            Self::Busy => say!(locale, "busy"),
            Self::Broken => say!(locale, "broken"),
        }
    }

    fn sentence(self, locale: Locale) -> String {
        match self {
            Self::NotFound => say!(locale, "not-found-about"),
            Self::Unreadable => say!(locale, "unreadable-about"),
            Self::NoSuchSubmission => say!(locale, "no-such-submission-about"),
            Self::Gone => say!(locale, "gone-about"),
            Self::Busy => say!(locale, "busy-about"),
            Self::Broken => say!(locale, "broken-about"),
        }
    }

    pub(crate) fn head(self, locale: Locale, path: String) -> Head {
        Head {
            title: self.title(locale),
            description: self.sentence(locale),
            path,
            listed: false,
            place: None,
            palette: None,
            islands: false,
        }
    }

    pub(crate) fn view(self) -> AnyView {
        let locale = Locale::here();
        view! {
            <div class="stack">
                <div class="opening">
                    <h1>{self.title(locale)}</h1>
                    <p class="lede">{self.sentence(locale)}</p>
                </div>
                <p class="row">
                    <a class="button button-main" href=locale.href("/")>
                        {say!(locale, "failure-allocate")}
                    </a>
                    <a class="button" href=locale.href("/aggregate")>
                        {say!(locale, "see-everyone")}
                    </a>
                </p>
            </div>
        }
        .into_any()
    }
}
