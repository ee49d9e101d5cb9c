//! Pages for what cannot be shown.

use crate::{components::Place, shell::Head};
use leptos::prelude::*;

/// Why a page cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No such address.
    NotFound,
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
    const fn title(self) -> &'static str {
        match self {
            Self::NotFound => "There is no page at this address",
            Self::NoSuchSubmission => "There is no submission at this address",
            Self::Gone => "This submission was deleted",
            Self::Busy => "Too busy just now",
            Self::Broken => "Something went wrong on our side",
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::NotFound => "If you typed the address, check it. If you followed a link, it may be out of date.",
            Self::NoSuchSubmission => "Check that the whole link was copied: its last part is 36 characters long.",
            Self::Gone => "Whoever made it took it back. It no longer counts in what everyone said.",
            Self::Busy => "Nothing is lost. Please try again in a moment.",
            Self::Broken => "It has been recorded and will be looked at. Please try again in a moment.",
        }
    }

    pub(crate) fn head(self) -> Head {
        Head {
            title: self.title().to_owned(),
            description: self.sentence().to_owned(),
            path: "/".to_owned(),
            listed: false,
            place: None::<Place>,
            palette: None,
            islands: false,
        }
    }

    pub(crate) fn view(self) -> AnyView {
        view! {
            <div class="stack">
                <div class="opening">
                    <h1>{self.title()}</h1>
                    <p class="lede">{self.sentence()}</p>
                </div>
                <p class="row">
                    <a class="button button-main" href="/">
                        "Allocate your taxes"
                    </a>
                    <a class="button" href="/aggregate">
                        "See what everyone said"
                    </a>
                </p>
            </div>
        }
        .into_any()
    }
}
