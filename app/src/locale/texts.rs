//! The texts, in Fluent's format: `app/locales/{language}/{file}.ftl`, built into the program.

use super::{Language, Locale, numbers};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

/// What a text's variable stands for: words, or a whole number, which is written as the language does and decides
/// about plurals.
pub type Value<'a> = FluentValue<'a>;

type Bundle = FluentBundle<FluentResource>;

/// The files of one language.
macro_rules! files {
    ($tag:literal) => {
        [
            include_str!(concat!("../../locales/", $tag, "/about.ftl")),
            include_str!(concat!("../../locales/", $tag, "/aggregate.ftl")),
            include_str!(concat!("../../locales/", $tag, "/allocate.ftl")),
            include_str!(concat!("../../locales/", $tag, "/budgets.ftl")),
            include_str!(concat!("../../locales/", $tag, "/failure.ftl")),
            include_str!(concat!("../../locales/", $tag, "/history.ftl")),
            include_str!(concat!("../../locales/", $tag, "/manage.ftl")),
            include_str!(concat!("../../locales/", $tag, "/offline.ftl")),
            include_str!(concat!("../../locales/", $tag, "/results.ftl")),
            include_str!(concat!("../../locales/", $tag, "/site.ftl")),
        ]
    };
}

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| {
    let mut bundle = bundle(Language::English, files!("en"));
    bundle.set_formatter(Some(|value, _| numbers::of_text(Language::English, value)));
    bundle
});
static SPANISH: LazyLock<Bundle> = LazyLock::new(|| {
    let mut bundle = bundle(Language::Spanish, files!("es"));
    bundle.set_formatter(Some(|value, _| numbers::of_text(Language::Spanish, value)));
    bundle
});

fn bundle<const N: usize>(language: Language, files: [&str; N]) -> Bundle {
    // Our own tags can be read; plural rules come with them.
    let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    // Isolating marks would be in every sentence with a name; our languages are written left to right.
    bundle.set_use_isolating(false);
    for file in files {
        // What can't be read is left out; tests prove that there is nothing of the kind.
        let resource = FluentResource::try_new(file.to_owned()).unwrap_or_else(|(readable, _)| readable);
        let _ = bundle.add_resource(resource);
    }
    bundle
}

/// Whoever has texts: a language, or a locale.
pub trait Text: Copy {
    /// The language that they are in.
    fn spoken(self) -> Language;

    /// The text of this key, or the key where there is none. See [`say!`](crate::say).
    #[must_use]
    fn text(self, key: &str, variables: &[(&'static str, Value<'_>)]) -> String {
        let bundle: &Bundle = match self.spoken() {
            Language::English => &ENGLISH,
            Language::Spanish => &SPANISH,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, "a text is missing");
            return key.to_owned();
        };
        let arguments: FluentArgs<'_> = variables.iter().map(|(name, value)| (*name, value.clone())).collect();
        bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
    }
}

impl Text for Language {
    fn spoken(self) -> Language {
        self
    }
}

impl Text for Locale {
    fn spoken(self) -> Language {
        self.language()
    }
}

/// A text in the language of a locale: `say!(locale, "aggregate-lede", people = 3, moment = "today")`. Keys and names
/// of variables are written out, so that a test can compare them with the texts.
#[macro_export]
macro_rules! say {
    ($locale:expr, $key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::locale::Text::text($locale, $key, &[$((stringify!($name), $crate::locale::Value::from($value))),*])
    };
}
