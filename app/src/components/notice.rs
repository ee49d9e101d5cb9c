//! A box that stands out.

use leptos::prelude::*;

/// How it is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Note,
    Good,
    Bad,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Note => "notice",
            Self::Good => "notice notice-good",
            Self::Bad => "notice notice-bad",
        }
    }
}

#[component]
pub(crate) fn Notice(tone: Tone, #[prop(into)] title: String, children: Children) -> AnyView {
    view! {
        <section class=tone.class()>
            <h2>{title}</h2>
            {children()}
        </section>
    }
    .into_any()
}
