//! Where values come from, and which wins.

use super::{ConfigError, Key, database::redact};
use std::{collections::BTreeMap, path::Path};

/// The values of all layers; what is set later wins.
#[derive(Clone, Default)]
pub struct Layers {
    values: BTreeMap<Key, Value>,
}

#[derive(Clone)]
struct Value {
    text: String,
    /// Empty, or where it was set, for the error message.
    origin: String,
}

impl Layers {
    /// `allot.toml`, then the environment. `file` is the one the operator named; without one, `allot.toml` in
    /// the working folder is read if it is there.
    ///
    /// # Errors
    /// A file that can't be read, an unknown key, a value that is no text, number or list.
    pub fn from_surroundings(file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut layers = Self::default();
        let (path, named) = file.map_or((Path::new("allot.toml"), false), |path| (path, true));
        match std::fs::read_to_string(path) {
            Ok(text) => layers.add_toml(&text, &path.display().to_string())?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !named => {}
            Err(error) => {
                return Err(ConfigError::line(format!(
                    "--config is \"{}\" ({error}); allowed: a TOML file that can be read",
                    path.display()
                )));
            }
        }
        for key in Key::ALL {
            match std::env::var(key.env()) {
                // An empty variable is how compose files and shells say "not set".
                Ok(value) if !value.is_empty() => layers.set(key, value),
                Err(std::env::VarError::NotUnicode(_)) => {
                    return Err(ConfigError::wrong(key, "", "(not UTF-8)", key.allowed()));
                }
                _ => {}
            }
        }
        Ok(layers)
    }

    /// Sets one value over whatever was there.
    pub fn set(&mut self, key: Key, text: impl Into<String>) {
        self.values.insert(key, Value { text: text.into(), origin: String::new() });
    }

    /// Sets a flag if it was given.
    pub fn set_flag(&mut self, key: Key, text: Option<&str>) {
        if let Some(text) = text {
            self.set(key, text);
        }
    }

    /// Forgets what was set.
    pub fn unset(&mut self, key: Key) {
        self.values.remove(&key);
    }

    pub(super) fn get(&self, key: Key) -> Option<&String> {
        self.values.get(&key).map(|value| &value.text)
    }

    /// Parses a value if it is set. `parse` may answer what is allowed where it knows better than the key.
    pub(super) fn parse<T>(
        &self,
        key: Key,
        parse: impl FnOnce(&str) -> Result<T, Option<&'static str>>,
    ) -> Result<Option<T>, ConfigError> {
        let Some(value) = self.values.get(&key) else { return Ok(None) };
        parse(&value.text).map(Some).map_err(|allowed| {
            let shown = if key.is_secret() { "***".into() } else { redact(&value.text) };
            ConfigError::wrong(key, &value.origin, &shown, allowed.unwrap_or(key.allowed()))
        })
    }

    fn add_toml(&mut self, text: &str, file: &str) -> Result<(), ConfigError> {
        let table: toml::Table = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            // The library's message may quote the line, and with it a secret.
            ConfigError::line(format!("{file} line {line} is not TOML; allowed: key = \"value\" lines"))
        })?;
        for (name, value) in table {
            let Some(key) = Key::ALL.into_iter().find(|key| key.toml() == name) else {
                return Err(unknown(&name, file));
            };
            let text = text_of(&value)
                .ok_or_else(|| ConfigError::wrong(key, &format!(" in {file}"), value.type_str(), key.allowed()))?;
            self.values.insert(key, Value { text, origin: format!(" ({name} in {file})") });
        }
        Ok(())
    }
}

fn text_of(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Array(items) => {
            items.iter().map(toml::Value::as_str).collect::<Option<Vec<_>>>().map(|items| items.join(","))
        }
        _ => None,
    }
}

fn unknown(name: &str, file: &str) -> ConfigError {
    let names: Vec<String> = Key::ALL.into_iter().map(Key::toml).collect();
    let nearest = names.iter().min_by_key(|known| distance(name, known));
    let suggestion = match nearest {
        Some(known) if distance(name, known) <= 1 + known.len() / 3 => format!("did you mean \"{known}\"? "),
        _ => String::new(),
    };
    ConfigError::line(format!(
        "\"{}\" in {file} is not a setting; {suggestion}allowed: {}",
        name.escape_debug(),
        names.join(", ")
    ))
}

/// Edits between two names (Levenshtein, Soviet Physics Doklady 10, 1966).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_known_one() {
        let error =
            Layers::default().add_toml("adress_submissions_per_huor = 1", "allot.toml").unwrap_err().to_string();
        assert!(error.contains("did you mean \"address_submissions_per_hour\"?"), "{error}");
        let error = Layers::default().add_toml("zzzzzzzzzzzzzzzzzzzzzzzz = 1", "allot.toml").unwrap_err().to_string();
        assert!(!error.contains("did you mean"), "{error}");
    }

    #[test]
    fn numbers_texts_and_lists_of_a_file_are_values() {
        let mut layers = Layers::default();
        layers
            .add_toml("submissions_per_hour = 7\naddr = \"[::1]:1\"\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]", "x")
            .unwrap();
        assert_eq!(layers.get(Key::SubmissionsPerHour).unwrap(), "7");
        assert_eq!(layers.get(Key::TrustedProxies).unwrap(), "10.0.0.0/8,::1");
        layers.set(Key::Addr, "localhost:2");
        assert_eq!(layers.get(Key::Addr).unwrap(), "localhost:2");
    }

    #[test]
    fn a_broken_file_is_reported_by_its_line_and_never_quoted() {
        let error =
            Layers::default().add_toml("addr = \"a:1\"\nsecret = \"hunter2", "allot.toml").unwrap_err().to_string();
        assert!(error.starts_with("allot.toml line 2") && !error.contains("hunter2"), "{error}");
    }
}
