//! Texts with something around some of their words, such as a link.

use leptos::prelude::*;

/// `text` with its marked parts as `show` makes them: in `See <all>what everyone said</all>.` it gets `all` and the
/// words between. Marks don't nest; what has no end is not a mark.
pub(crate) fn marked(text: &str, show: impl Fn(&str, String) -> AnyView) -> AnyView {
    let mut views = Vec::new();
    let mut rest = text;
    while let Some((before, name, words, after)) = first_mark(rest) {
        views.push(before.to_owned().into_any());
        views.push(show(name, words.to_owned()));
        rest = after;
    }
    views.push(rest.to_owned().into_any());
    views.into_any()
}

/// What is before the first mark, its name, what is in it, and what is after it.
fn first_mark(text: &str) -> Option<(&str, &str, &str, &str)> {
    for (start, _) in text.match_indices('<') {
        let (name, inside) = text[start + 1..].split_once('>')?;
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_lowercase()) {
            continue;
        }
        if let Some((words, after)) = inside.split_once(&format!("</{name}>")) {
            return Some((&text[..start], name, words, after));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::first_mark;

    #[test]
    fn the_first_whole_mark_is_found() {
        assert_eq!(
            first_mark("See <all>this</all> or <b>that</b>."),
            Some(("See ", "all", "this", " or <b>that</b>."))
        );
        assert_eq!(first_mark("1 < 2 <a>x</a>"), Some(("1 < 2 ", "a", "x", "")));
        assert_eq!(first_mark("<a>open <b>x</b>"), Some(("<a>open ", "b", "x", "")));
        assert_eq!(first_mark("a < b > c </a>"), None);
    }
}
