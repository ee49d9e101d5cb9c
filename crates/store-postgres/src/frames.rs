//! Entries of a delta as bytes that SQL can build too (`delta_entry` in the migrations): day (four bytes, big
//! endian), answers and points, each behind its length in one byte. Entries follow each other.

use crate::error::Fault;
use domain::{Day, summary::Entry};

pub(crate) fn put(out: &mut Vec<u8>, day: Day, segments: &[u8], points: &[u8]) {
    out.extend_from_slice(&day.0.to_be_bytes());
    for part in [segments, points] {
        // At most 40 categories of two bytes and 40 segments: a length fits a byte.
        out.push(part.len() as u8);
        out.extend_from_slice(part);
    }
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Result<&'a [u8], Fault> {
    let (part, rest) = bytes.split_at_checked(length).ok_or_else(|| Fault::damaged("a delta ends too early"))?;
    *bytes = rest;
    Ok(part)
}

fn prefixed<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], Fault> {
    let length = take(bytes, 1)?[0];
    take(bytes, length.into())
}

pub(crate) fn entries(mut bytes: &[u8]) -> Result<Vec<Entry>, Fault> {
    let mut entries = Vec::with_capacity(bytes.len() / 26);
    while !bytes.is_empty() {
        let day = take(&mut bytes, 4)?;
        let segments = prefixed(&mut bytes)?;
        let points = prefixed(&mut bytes)?;
        if !points.len().is_multiple_of(2) {
            return Err(Fault::damaged("half a number of points in a delta"));
        }
        entries.push(Entry {
            day: Day(i32::from_be_bytes([day[0], day[1], day[2], day[3]])),
            segments: segments.into(),
            points: points.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect(),
        });
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_as_they_were_written() {
        let mut bytes = Vec::new();
        put(&mut bytes, Day(20_778), &[2, 0], &[0x27, 0x10, 0, 0]);
        put(&mut bytes, Day(-1), &[], &[0, 1, 0x27, 0x0f]);
        let read = entries(&bytes).unwrap();
        let first = Entry { day: Day(20_778), segments: [2, 0].into(), points: [10_000, 0].into() };
        let second = Entry { day: Day(-1), segments: [].into(), points: [1, 9999].into() };
        assert_eq!(read, [first, second]);
    }

    #[test]
    fn damaged_entries_are_refused() {
        let mut bytes = Vec::new();
        put(&mut bytes, Day(1), &[1], &[0, 1]);
        for length in 1..bytes.len() {
            assert!(entries(&bytes[..length]).is_err(), "{length}");
        }
        assert!(entries(&[0, 0, 0, 1, 0, 1, 5]).is_err(), "half a number");
    }
}
