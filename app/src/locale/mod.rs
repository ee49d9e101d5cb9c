//! The languages of the site: which one an answer is in, its texts, its numbers and dates.
//!
//! Pages are rendered on the server, so nothing of this is in the browser's code. `docs/languages.md` says how a
//! text or a language is added.

mod language;
mod marked;
mod numbers;
mod texts;
#[cfg(test)]
mod texts_check;

pub use language::Language;
pub use texts::{Text, Value};

pub(crate) use marked::marked;

use http::HeaderMap;
use leptos::prelude::use_context;

/// The language of an answer, and how the address says so.
///
/// Every page has a neutral address, such as `/about`, which is answered in the language that the request prefers,
/// and one with each language in front, such as `/es/about`. Links keep to the kind of address that was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Locale {
    language: Language,
    explicit: bool,
}

impl Locale {
    /// The one of a request: from the first part of its path, else from `Accept-Language`.
    #[must_use]
    pub fn of(path: &str, headers: &HeaderMap) -> Self {
        match split(path) {
            (Some(language), _) => Self::explicit(language),
            (None, _) => Self { language: Language::preferred(headers), explicit: false },
        }
    }

    /// The one of the addresses that begin with a language.
    #[must_use]
    pub const fn explicit(language: Language) -> Self {
        Self { language, explicit: true }
    }

    /// The one that the page around a view has. For views only: they are rendered with it as their context.
    pub(crate) fn here() -> Self {
        use_context().unwrap_or_default()
    }

    /// The language.
    #[must_use]
    pub const fn language(self) -> Language {
        self.language
    }

    /// Whether the address says the language; else it depends on `Accept-Language`.
    #[must_use]
    pub const fn is_explicit(self) -> bool {
        self.explicit
    }

    /// What addresses begin with: nothing, or `/es`.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        if self.explicit { self.language.prefix() } else { "" }
    }

    /// The address of a page, from its neutral one: `/about` stays, or becomes `/es/about`.
    #[must_use]
    pub fn href(self, path: &str) -> String {
        match path {
            "/" if self.explicit => self.prefix().to_owned(),
            _ => format!("{}{path}", self.prefix()),
        }
    }
}

/// The language that a path begins with, and the rest of it, which is a neutral path.
#[must_use]
pub fn split(path: &str) -> (Option<Language>, &str) {
    let found = Language::ALL.into_iter().find_map(|language| {
        let rest = path.strip_prefix(language.prefix())?;
        let rest = if rest.is_empty() { "/" } else { rest };
        rest.starts_with('/').then_some((Some(language), rest))
    });
    found.unwrap_or((None, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_begins_with_a_language_or_is_neutral() {
        assert_eq!(split("/es"), (Some(Language::Spanish), "/"));
        assert_eq!(split("/en/b/town"), (Some(Language::English), "/b/town"));
        for neutral in ["/", "/b/es", "/essays", "/ES", "es", "", "*"] {
            assert_eq!(split(neutral), (None, neutral));
        }
    }

    #[test]
    fn links_keep_to_the_kind_of_address_that_was_asked() {
        let spanish = Locale::explicit(Language::Spanish);
        assert_eq!((spanish.href("/"), spanish.href("/history#device")), ("/es".into(), "/es/history#device".into()));
        let neutral = Locale::of("/about", &HeaderMap::new());
        assert_eq!((neutral.href("/"), neutral.href("/about")), ("/".into(), "/about".into()));
    }

    #[test]
    fn the_address_wins_over_the_header() {
        let headers = HeaderMap::from_iter([(http::header::ACCEPT_LANGUAGE, "es".parse().unwrap())]);
        assert_eq!(Locale::of("/en/about", &headers), Locale::explicit(Language::English));
        assert_eq!(Locale::of("/about", &headers), Locale { language: Language::Spanish, explicit: false });
    }
}
