//! What pages measure of themselves (Web Vitals): by kinds of pages, so that nothing says who was where.

/// The kinds of pages that measurements are told apart by.
pub const PAGES: [&str; 8] = ["allocate", "results", "aggregate", "budgets", "history", "about", "offline", "other"];

/// The kind of a page; `path` without its language.
pub(crate) fn page_of(path: &str) -> &'static str {
    let mut parts = path.trim_matches('/').split('/');
    match (parts.next().unwrap_or_default(), parts.next(), parts.next(), parts.next()) {
        ("", None, ..) | ("b", Some(_), None, _) => "allocate",
        ("aggregate", None, ..) | ("b", Some(_), Some("aggregate"), None) => "aggregate",
        ("results", Some(_), None, _) => "results",
        ("budgets", None, ..) => "budgets",
        ("history", None, ..) => "history",
        ("about", None, ..) => "about",
        ("offline", None, ..) => "offline",
        _ => "other",
    }
}

/// Which visits are measured, and how.
#[derive(Clone, Debug, Default)]
pub struct Measuring {
    /// The script, fetched by the visits that are measured.
    pub script: String,
    /// So many visits of a hundred, at least one.
    pub percent: u8,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_apart_by_kind_and_never_by_what_they_show() {
        for (path, page) in [
            ("/", "allocate"),
            ("", "allocate"),
            ("/b/town", "allocate"),
            ("/b/town/aggregate", "aggregate"),
            ("/aggregate", "aggregate"),
            ("/results/0192d3a4-58cc-7372-8567-0e02b2c3d479", "results"),
            ("/results/0192d3a4-58cc-7372-8567-0e02b2c3d479/manage", "other"),
            ("/about", "about"),
            ("/offline", "offline"),
            ("/nowhere", "other"),
        ] {
            assert_eq!(page_of(path), page, "{path}");
            assert!(PAGES.contains(&page));
        }
    }
}
