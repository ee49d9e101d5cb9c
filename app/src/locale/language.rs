//! The languages that there are, and which of them a request prefers.

use crate::server::conditional::weighted;
use http::{HeaderMap, header::ACCEPT_LANGUAGE};

/// A language of the site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English; also for whoever prefers none of these.
    #[default]
    English,
    /// Spanish.
    Spanish,
}

impl Language {
    /// All of them, as the switch lists them.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// BCP 47.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// What explicit addresses begin with.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::English => "/en",
            Self::Spanish => "/es",
        }
    }

    /// As its speakers call it.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Español",
        }
    }

    /// `ltr` or `rtl`.
    #[must_use]
    pub const fn direction(self) -> &'static str {
        match self {
            Self::English | Self::Spanish => "ltr",
        }
    }

    /// As the Open Graph protocol names it, which wants a country.
    pub(crate) const fn open_graph(self) -> &'static str {
        match self {
            Self::English => "en_US",
            Self::Spanish => "es_ES",
        }
    }

    /// From a tag, whatever region or script it adds.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The one with the highest weight in `Accept-Language`, the earlier of equal ones (RFC 9110, section 12.5.4).
    /// English for everybody else.
    ///
    /// Not by a crate: those that parse this header trust its weights, and sort by them though one may be NaN.
    pub(super) fn preferred(headers: &HeaderMap) -> Self {
        let mut best = (0, Self::default());
        for (tag, weight) in weighted(headers, ACCEPT_LANGUAGE) {
            if let Some(language) = Self::from_tag(tag)
                && weight > best.0
            {
                best = (weight, language);
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_language_that_we_have_wins() {
        for (header, language) in [
            ("", Language::English),
            ("es", Language::Spanish),
            ("es-MX", Language::Spanish),
            ("ES-419, en;q=0.9", Language::Spanish),
            ("de, es;q=0.5, en;q=0.4", Language::Spanish),
            ("en, es", Language::English),
            ("en;q=0.2,es;q=0.3", Language::Spanish),
            ("es;q=0, fr", Language::English),
            ("es;q=0", Language::English),
            ("est, esperanto", Language::English),
            ("*", Language::English),
            ("es ; q = 0.8 , en ; q=0.9", Language::English),
            ("es;q=nan, en;q=0.1", Language::English),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, header.parse().unwrap())]);
            assert_eq!(Language::preferred(&headers), language, "{header}");
        }
        assert_eq!(Language::preferred(&HeaderMap::new()), Language::English);
    }
}
