//! `DATABASE_URL`: its scheme chooses the store.

use core::fmt;
use std::path::{Path, PathBuf};

/// Which store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Embedded, a file.
    Sqlite,
    /// A server, for any number of processes.
    Postgres,
}

/// The address of a database. `Debug` and `Display` hide a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Database {
    scheme: Scheme,
    url: String,
}

impl Database {
    /// Reads an address that a command was given.
    ///
    /// # Errors
    /// One line without the password, for people.
    pub fn from_argument(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|allowed| {
            let allowed = allowed.unwrap_or(super::Key::DatabaseUrl.allowed());
            format!("{:?} is no database; allowed: {allowed}", redact(text))
        })
    }

    pub(super) fn parse(text: &str) -> Result<Self, Option<&'static str>> {
        if let Some(rest) = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://")) {
            return if rest.is_empty() {
                Err(None)
            } else {
                Ok(Self { scheme: Scheme::Postgres, url: text.to_owned() })
            };
        }
        let path = text.strip_prefix("sqlite:").ok_or(None)?;
        let path = path.strip_prefix("//").unwrap_or(path);
        // A database in memory would lose what was acknowledged.
        if path.is_empty() || path.contains(['?', '#']) || path.starts_with(':') {
            return Err(None);
        }
        Ok(Self { scheme: Scheme::Sqlite, url: text.to_owned() })
    }

    /// A replica of a database of this kind.
    pub(super) fn replica(text: &str, of: Scheme) -> Result<Self, Option<&'static str>> {
        let replica = Self::parse(text)?;
        if replica.scheme == Scheme::Postgres && of == Scheme::Postgres { Ok(replica) } else { Err(None) }
    }

    /// The default one in the data folder.
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self { scheme: Scheme::Sqlite, url: format!("sqlite:{}", folder.join("allot.sqlite").display()) }
    }

    /// Which store.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// As configured, a password included: for the store only.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The file of an embedded database.
    #[must_use]
    pub fn path(&self) -> Option<PathBuf> {
        match self.scheme {
            Scheme::Sqlite => {
                let path = self.url.strip_prefix("sqlite:")?;
                Some(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
            }
            Scheme::Postgres => None,
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&redact(&self.url))
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Replaces the passwords of an address, wherever they may stand; rather too much than too little.
pub(super) fn redact(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    let mark = if scheme.is_empty() { "" } else { "://" };
    let (user, place) = match rest.rsplit_once('@') {
        None => (String::new(), rest),
        Some((user, place)) => match user.split_once(':') {
            Some((name, _)) if !scheme.is_empty() => (format!("{name}:***@"), place),
            None if !user.contains(['/', '?']) && !scheme.is_empty() => (format!("{user}@"), place),
            _ => ("***@".to_owned(), place),
        },
    };
    let (place, query) = place.split_once('?').unwrap_or((place, ""));
    let mut shown = format!("{scheme}{mark}{user}{place}");
    for (n, parameter) in query.split('&').filter(|parameter| !parameter.is_empty()).enumerate() {
        shown.push(if n == 0 { '?' } else { '&' });
        match parameter.split_once('=') {
            Some((name, _)) if name.to_ascii_lowercase().contains("pass") => shown.extend([name, "=***"]),
            _ => shown.push_str(parameter),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_what_follows_the_scheme() {
        for (url, path) in [
            ("sqlite:data/a.sqlite", "data/a.sqlite"),
            ("sqlite://data/a.sqlite", "data/a.sqlite"),
            ("sqlite:///srv/a.sqlite", "/srv/a.sqlite"),
        ] {
            assert_eq!(Database::parse(url).unwrap().path(), Some(path.into()));
        }
        assert!(Database::parse("sqlite::memory:").is_err());
    }

    #[test]
    fn the_scheme_chooses_the_store() {
        assert_eq!(Database::parse("sqlite:a").unwrap().scheme(), Scheme::Sqlite);
        for url in ["postgres://db/allot", "postgresql://me:secret@db:5432/allot?sslmode=require"] {
            let database = Database::parse(url).unwrap();
            assert_eq!((database.scheme(), database.path()), (Scheme::Postgres, None));
            assert!(!format!("{database:?}").contains("secret"));
        }
        assert!(Database::parse("postgres://").is_err());
        assert!(Database::parse("oracle://db").is_err());
    }

    #[test]
    fn only_postgresql_has_a_replica() {
        let url = "postgres://me:secret@standby/allot";
        assert_eq!(Database::replica(url, Scheme::Postgres).unwrap().url(), url);
        assert!(Database::replica(url, Scheme::Sqlite).is_err());
        assert!(Database::replica("sqlite:a", Scheme::Postgres).is_err());
    }

    #[test]
    fn a_password_with_special_characters_is_hidden_whole() {
        assert_eq!(redact("postgres://a:p@ss:w/rd@db/x"), "postgres://a:***@db/x");
        assert_eq!(redact("postgres://a:b?c@d@db/x"), "postgres://a:***@db/x");
        assert_eq!(redact("postgres://db/x"), "postgres://db/x");
        assert_eq!(redact("postgres://me@db:5432/x"), "postgres://me@db:5432/x");
        assert_eq!(redact("me:p@db"), "***@db");
        assert_eq!(redact("redis://db/?db=1&Pass=p"), "redis://db/?db=1&Pass=***");
    }
}
