//! Which file a database URL names.

use service::port::{StoreError, StoreResult};
use std::path::PathBuf;

/// A path, with or without `sqlite:` or `sqlite://` before it. What SQLite would read as an address of its
/// own (`file:...`, `:memory:`) or other tools as parameters (`?mode=ro`) is refused: silently using a file
/// of that name would be a surprise, and a database in memory would lose what was acknowledged.
pub(crate) fn file(url: &str) -> StoreResult<PathBuf> {
    let path = url.strip_prefix("sqlite:").map_or(url, |path| path.strip_prefix("//").unwrap_or(path));
    if path.is_empty() || path.starts_with(':') || path.starts_with("file:") || path.contains(['?', '#', '\0']) {
        return Err(StoreError::Failed(format!(
            "{url:?} does not name a file; allowed is sqlite:PATH without parameters, such as sqlite:data/allot.sqlite"
        )));
    }
    Ok(PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_file_with_or_without_its_scheme() {
        for (url, path) in [
            ("data/a.sqlite", "data/a.sqlite"),
            ("sqlite:data/a.sqlite", "data/a.sqlite"),
            ("sqlite://data/a.sqlite", "data/a.sqlite"),
            ("sqlite:/srv/a.sqlite", "/srv/a.sqlite"),
            ("sqlite:///srv/a.sqlite", "/srv/a.sqlite"),
            ("/srv/a file.sqlite", "/srv/a file.sqlite"),
        ] {
            assert_eq!(file(url).unwrap(), PathBuf::from(path), "{url}");
        }
    }

    #[test]
    fn what_is_not_a_plain_file_is_refused() {
        for url in [
            "",
            "sqlite:",
            "sqlite://",
            "sqlite::memory:",
            ":memory:",
            "file:a.sqlite",
            "sqlite:file:a.sqlite",
            "sqlite://data/a.sqlite?mode=ro",
            "sqlite:a.sqlite#part",
        ] {
            assert!(file(url).is_err(), "{url}");
        }
    }
}
