//! A setting that stops the start.

use super::Key;
use core::fmt;

/// One wrong setting. Prints as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(String);

impl ConfigError {
    /// `value` must already be free of secrets.
    pub(super) fn wrong(key: Key, origin: &str, value: &str, allowed: &str) -> Self {
        Self::line(format!("{}{origin} is \"{}\"; allowed: {allowed}", key.env(), value.escape_debug()))
    }

    pub(super) fn missing(key: Key, why: &str) -> Self {
        Self::line(format!("{} is not set, but {why}; allowed: {}", key.env(), key.allowed()))
    }

    pub(super) fn line(text: impl Into<String>) -> Self {
        let text: String = text.into();
        Self(text.lines().map(str::trim).collect::<Vec<_>>().join(" "))
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}
