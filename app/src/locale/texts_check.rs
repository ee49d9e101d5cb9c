//! The two languages say the same, and the code says nothing else.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

type Variables = BTreeSet<String>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Every message of a language with its variables. Reads the files line by line, as plainly as they are written.
fn messages(language: &str) -> BTreeMap<String, Variables> {
    let mut messages = BTreeMap::new();
    let mut current = String::new();
    for file in files(&root().join("locales").join(language), "ftl") {
        let text = fs::read_to_string(&file).unwrap();
        assert!(fluent_bundle::FluentResource::try_new(text.clone()).is_ok(), "{} can be read", file.display());
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, _)) = line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                current = key.to_owned();
                assert!(
                    messages.insert(current.clone(), Variables::new()).is_none(),
                    "{language}: {key} is there twice"
                );
            }
            let variables = line.split('$').skip(1).map(|rest| word(rest, '_').to_owned());
            if let Some(known) = messages.get_mut(&current) {
                known.extend(variables);
            }
        }
    }
    messages
}

/// Every use of a text in the code, with the variables that it gets.
fn uses() -> Vec<(String, Variables)> {
    let mut uses = Vec::new();
    for folder in ["src", "../src"] {
        for file in files(&root().join(folder), "rs") {
            let code = fs::read_to_string(&file).unwrap();
            for (start, call) in code.match_indices("say!(") {
                let Some((_, rest)) = code[start + call.len()..].split_once('"') else { continue };
                let key = word(rest, '-').to_owned();
                let mut variables = Variables::new();
                // To the end of the call: brackets and quotes that belong to values are stepped over.
                let (mut depth, mut quoted, mut start) = (1, false, key.len() + 1);
                for (at, c) in rest.char_indices().skip(key.len() + 1) {
                    match c {
                        '"' => quoted = !quoted,
                        '(' | '[' | '{' if !quoted => depth += 1,
                        ')' | ']' | '}' if !quoted => depth -= 1,
                        _ => {}
                    }
                    if depth == 0 || (c == ',' && depth == 1 && !quoted) {
                        let argument = rest[start..at].trim_start_matches([',', ' ', '\n']);
                        if let Some((name, _)) = argument.split_once(" = ") {
                            variables.insert(name.to_owned());
                        }
                        start = at + 1;
                    }
                    if depth == 0 {
                        break;
                    }
                }
                uses.push((key, variables));
            }
        }
    }
    uses
}

fn word(text: &str, joint: char) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == joint)).unwrap_or(text.len());
    &text[..end]
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) && !path.ends_with("texts_check.rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_variables() {
    let (english, spanish) = (messages("en"), messages("es"));
    assert!(english.len() > 150, "{}", english.len());
    for key in english.keys().chain(spanish.keys()) {
        assert_eq!(english.get(key), spanish.get(key), "{key}");
    }
}

#[test]
fn every_text_that_the_code_says_exists_with_its_variables() {
    let english = messages("en");
    for (key, variables) in uses().into_iter().filter(|(key, _)| key != "key") {
        assert_eq!(english.get(&key), Some(&variables), "{key}");
    }
}

#[test]
fn every_text_is_said_somewhere() {
    let used: BTreeSet<_> = uses().into_iter().map(|(key, _)| key).collect();
    let unused: Vec<_> = messages("en").into_keys().filter(|key| !used.contains(key)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn every_file_of_texts_is_built_in() {
    let code = include_str!("texts.rs");
    for file in files(&root().join("locales/en"), "ftl") {
        let name = format!("\"/{}\"", file.file_name().unwrap().to_str().unwrap());
        assert!(code.contains(&name), "{name}");
    }
}
