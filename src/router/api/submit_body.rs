//! The body of a submission, read straight into the request that the service takes.
//!
//! Stricter than the derived decoder: a name given twice, a fraction or an unknown field is a complaint about
//! that field and not silently dropped. All complaints are collected, so that a client sees them at once.

use super::body::Unreadable;
use domain::{FieldError, dto::SubmitRequest};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{borrow::Cow, collections::BTreeMap, fmt};

/// More complaints than this help nobody.
const MAX_ERRORS: usize = 50;
/// Longer names are cut in complaints.
const MAX_NAME: usize = 64;

pub(crate) fn read(body: &[u8]) -> Result<SubmitRequest, Unreadable> {
    let draft: Draft = serde_json::from_slice(body).map_err(|error| Unreadable::from(&error))?;
    let mut errors = draft.errors;
    match draft.points {
        Some(points) if errors.is_empty() => {
            return Ok(SubmitRequest { id: draft.id, points, segments: draft.segments });
        }
        None if !errors.iter().any(|error| error.field == "points") => {
            errors.push(FieldError::new("points", "is missing"));
        }
        _ => {}
    }
    errors.truncate(MAX_ERRORS);
    Err(Unreadable::Invalid(errors))
}

#[derive(Default)]
struct Draft {
    id: Option<String>,
    points: Option<BTreeMap<String, i64>>,
    segments: Option<BTreeMap<String, String>>,
    errors: Vec<FieldError>,
}

impl<'de> Deserialize<'de> for Draft {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(DraftVisitor)
    }
}

struct DraftVisitor;

impl<'de> Visitor<'de> for DraftVisitor {
    type Value = Draft;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Draft, A::Error> {
        let mut draft = Draft::default();
        let mut seen = [false; 3];
        while let Some(Name(name)) = map.next_key()? {
            let place = ["id", "points", "segments"].iter().position(|known| *known == name);
            if let Some(place) = place
                && std::mem::replace(&mut seen[place], true)
            {
                complain(&mut draft.errors, &name, "is given twice");
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            match place {
                Some(0) => match map.next_value()? {
                    Loose::Text(id) => draft.id = Some(id.into_owned()),
                    Loose::Null => {}
                    _ => complain(&mut draft.errors, "id", "must be a text"),
                },
                Some(1) => {
                    draft.points =
                        map.next_value_seed(Entries { of: "points", errors: &mut draft.errors, take: points })?
                }
                Some(_) => {
                    let take = segments;
                    draft.segments =
                        map.next_value_seed(Entries { of: "segments", errors: &mut draft.errors, take })?;
                }
                None => {
                    complain(&mut draft.errors, &name, "is not a field of a submission");
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(draft)
    }
}

fn points(value: Loose<'_>) -> Result<i64, &'static str> {
    match value {
        Loose::Integer(points) => Ok(points),
        Loose::HugeInteger => Err("must be from 0 to 10000"),
        _ => Err("must be a whole number"),
    }
}

fn segments(value: Loose<'_>) -> Result<String, &'static str> {
    match value {
        Loose::Text(text) => Ok(text.into_owned()),
        _ => Err("must be a text"),
    }
}

fn complain(errors: &mut Vec<FieldError>, field: &str, message: &str) {
    if errors.len() < MAX_ERRORS {
        errors.push(FieldError::new(cut(field), message));
    }
}

fn cut(name: &str) -> &str {
    name.char_indices().nth(MAX_NAME).map_or(name, |(end, _)| &name[..end])
}

/// An object's entries; `None` for null and for anything else, which is complained about.
struct Entries<'a, T> {
    of: &'static str,
    errors: &'a mut Vec<FieldError>,
    take: fn(Loose<'_>) -> Result<T, &'static str>,
}

impl<T> Entries<'_, T> {
    fn not_an_object(self) -> Option<BTreeMap<String, T>> {
        complain(self.errors, self.of, "must be an object");
        None
    }
}

impl<'de, T> DeserializeSeed<'de> for Entries<'_, T> {
    type Value = Option<BTreeMap<String, T>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T> Visitor<'de> for Entries<'_, T> {
    type Value = Option<BTreeMap<String, T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some(Name(name)) = map.next_key()? {
            let value = (self.take)(map.next_value()?);
            let field = || format!("{}.{name}", self.of);
            match value {
                Err(message) => complain(self.errors, &field(), message),
                Ok(_) if entries.contains_key(&*name) => complain(self.errors, &field(), "is given twice"),
                Ok(value) => {
                    entries.insert(name.into_owned(), value);
                }
            }
        }
        Ok(Some(entries))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        if self.of == "points" { Ok(self.not_an_object()) } else { Ok(None) }
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(self.not_an_object())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(self.not_an_object())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(self.not_an_object())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(self.not_an_object())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(self.not_an_object())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(self.not_an_object())
    }
}

/// A name, borrowed from the body where it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Any value, with as much of it as a complaint needs.
enum Loose<'a> {
    Integer(i64),
    HugeInteger,
    Text(Cow<'a, str>),
    Null,
    Other,
}

impl<'de> Deserialize<'de> for Loose<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Loose::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(value).map_or(Loose::HugeInteger, Loose::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        // Integers beyond 64 bits arrive as floats too.
        Ok(if value.abs() >= 1e18 { Loose::HugeInteger } else { Loose::Other })
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Loose::Other)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Loose::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Loose::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(body: &str) -> Vec<(String, String)> {
        match read(body.as_bytes()) {
            Err(Unreadable::Invalid(errors)) => errors.into_iter().map(|e| (e.field, e.message)).collect(),
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn a_submission_is_read_with_and_without_its_optional_parts() {
        let request = read(br#"{"points":{"a":6000,"b":4000}}"#).unwrap();
        assert_eq!((request.id, request.points.len(), request.segments), (None, 2, None));
        let request = read(br#"{"id":"x\u0041","segments":{"age":"young"},"points":{"\u0061":-1}}"#).unwrap();
        assert_eq!(request.id.as_deref(), Some("xA"));
        assert_eq!(request.points["a"], -1);
        assert_eq!(request.segments.unwrap()["age"], "young");
        assert!(read(br#"{"id":null,"segments":null,"points":{}}"#).is_ok());
    }

    #[test]
    fn every_wrong_value_is_a_complaint_about_its_field() {
        for (body, field, message) in [
            (r#"{"points":{"a":1.5}}"#, "points.a", "must be a whole number"),
            (r#"{"points":{"a":"1"}}"#, "points.a", "must be a whole number"),
            (r#"{"points":{"a":null}}"#, "points.a", "must be a whole number"),
            (r#"{"points":{"a":[[1]]}}"#, "points.a", "must be a whole number"),
            (r#"{"points":{"a":99999999999999999999999}}"#, "points.a", "must be from 0 to 10000"),
            (r#"{"points":{"a":18446744073709551615}}"#, "points.a", "must be from 0 to 10000"),
            (r#"{"points":{"a":1e999}}"#, "body", "has a number that is out of range"),
            (r#"{"points":{"a":1,"a":1}}"#, "points.a", "is given twice"),
            (r#"{"points":{},"points":{}}"#, "points", "is given twice"),
            (r#"{"points":[1]}"#, "points", "must be an object"),
            (r#"{"points":null}"#, "points", "must be an object"),
            (r#"{"points":true}"#, "points", "must be an object"),
            (r#"{}"#, "points", "is missing"),
            (r#"[]"#, "body", "must be an object"),
            (r#"7"#, "body", "must be an object"),
            (r#"{"points":{},"id":7}"#, "id", "must be a text"),
            (r#"{"points":{},"segments":{"age":7}}"#, "segments.age", "must be a text"),
            (r#"{"points":{},"colour":{"x":[]}}"#, "colour", "is not a field of a submission"),
        ] {
            assert_eq!(complaints(body), [(field.to_owned(), message.to_owned())], "{body}");
        }
    }

    #[test]
    fn all_complaints_come_at_once_but_not_without_end() {
        assert_eq!(complaints(r#"{"id":1,"x":2,"points":{"a":0.5,"b":"c"}}"#).len(), 4);
        let many: Vec<String> = (0..1000).map(|n| format!("\"{n}\":null")).collect();
        assert_eq!(complaints(&format!("{{\"points\":{{{}}}}}", many.join(","))).len(), MAX_ERRORS);
        let long = complaints(&format!("{{\"points\":{{\"{}\":null}}}}", "ü".repeat(5000)));
        assert_eq!(long[0].0.chars().count(), MAX_NAME);
    }

    #[test]
    fn what_is_not_json_is_malformed_with_its_place() {
        for body in [&b""[..], b"{", b"{\"points\":{}} x", b"{\"points\":{\"a\":01}}", b"\xff", b"{\"\\ud800\":1}"] {
            assert!(matches!(read(body), Err(Unreadable::Malformed { .. })), "{body:?}");
        }
        let deep = "[".repeat(10_000);
        assert!(matches!(read(format!("{{\"x\":{deep}").as_bytes()), Err(Unreadable::Malformed { .. })));
        assert_eq!(read(b"{\n  x"), Err(Unreadable::Malformed { line: 2, column: 3 }));
    }
}
