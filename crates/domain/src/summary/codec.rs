//! The stored form of cells, deltas and summaries. Changing it needs a migration of `summary_cell` and
//! `summary_delta`.
//!
//! Varint: LEB128; signed numbers zigzagged. A cell: categories, count, then per category sum, sum of
//! squares and the histogram as (gap, people) pairs, ended by the number of pairs up front. Entries: number,
//! then per entry zigzag day, number of segments and their bytes, number of categories and varint points.

use super::{BINS, CategoryTotals, Cell, CellKey, Delta, Entry, Summary};
use crate::{Day, budget::MAX_CATEGORIES};
use core::fmt;

/// The bytes are not what this version of Allot writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodecError;

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stored summary bytes are damaged")
    }
}

impl core::error::Error for CodecError {}

fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn put_signed(out: &mut Vec<u8>, value: i64) {
    put(out, ((value << 1) ^ (value >> 63)) as u64);
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Result<u8, CodecError> {
        let (&first, rest) = self.0.split_first().ok_or(CodecError)?;
        self.0 = rest;
        Ok(first)
    }

    fn get(&mut self) -> Result<u64, CodecError> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            if shift == 63 && byte > 1 {
                return Err(CodecError);
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(CodecError)
    }

    fn signed(&mut self) -> Result<i64, CodecError> {
        let value = self.get()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// A number of things of which each takes at least one byte, so that damage can't ask for all memory.
    fn len(&mut self) -> Result<usize, CodecError> {
        let n = usize::try_from(self.get()?).map_err(|_| CodecError)?;
        if n > self.0.len() { Err(CodecError) } else { Ok(n) }
    }

    fn end(&self) -> Result<(), CodecError> {
        if self.0.is_empty() { Ok(()) } else { Err(CodecError) }
    }
}

impl Cell {
    fn write(&self, out: &mut Vec<u8>) {
        put(out, self.categories.len() as u64);
        put_signed(out, self.count);
        for totals in &self.categories {
            put_signed(out, totals.sum);
            put_signed(out, totals.sum_squares);
            put(out, totals.histogram.iter().filter(|n| **n != 0).count() as u64);
            let mut next = 0;
            for (bin, &people) in totals.histogram.iter().enumerate().filter(|(_, n)| **n != 0) {
                put(out, (bin - next) as u64);
                put_signed(out, people);
                next = bin + 1;
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, CodecError> {
        // A category takes three bytes at the least but a kilobyte in memory.
        let categories = from.len()?;
        if categories > MAX_CATEGORIES {
            return Err(CodecError);
        }
        let mut cell = Self { count: from.signed()?, categories: Vec::with_capacity(categories) };
        for _ in 0..categories {
            let mut totals = CategoryTotals { sum: from.signed()?, sum_squares: from.signed()?, histogram: [0; BINS] };
            let mut next = 0usize;
            for _ in 0..from.len()? {
                let gap = usize::try_from(from.get()?).map_err(|_| CodecError)?;
                let bin = next.checked_add(gap).filter(|bin| *bin < BINS).ok_or(CodecError)?;
                totals.histogram[bin] = from.signed()?;
                next = bin + 1;
            }
            cell.categories.push(totals);
        }
        Ok(cell)
    }

    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64 + 128 * self.categories.len());
        self.write(&mut out);
        out
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// When the bytes are not a cell.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut from = Reader(bytes);
        let cell = Self::read(&mut from)?;
        from.end()?;
        Ok(cell)
    }
}

impl Entry {
    /// The stored form of several entries: `plus` or `minus` of a delta.
    #[must_use]
    pub fn encode_all<'a>(entries: impl ExactSizeIterator<Item = &'a Self>) -> Vec<u8> {
        let mut out = Vec::with_capacity(8 + entries.len() * 32);
        put(&mut out, entries.len() as u64);
        for entry in entries {
            put_signed(&mut out, i64::from(entry.day.0));
            put(&mut out, entry.segments.len() as u64);
            out.extend_from_slice(&entry.segments);
            put(&mut out, entry.points.len() as u64);
            for &points in &entry.points {
                put(&mut out, u64::from(points));
            }
        }
        out
    }

    /// Reads the stored form of several entries. No bytes mean no entries.
    ///
    /// # Errors
    /// When the bytes are not entries.
    pub fn decode_all(bytes: &[u8]) -> Result<Vec<Self>, CodecError> {
        if bytes.is_empty() {
            return Ok(Vec::new());
        }
        let mut from = Reader(bytes);
        let n = from.len()?;
        let mut entries = Vec::with_capacity(n);
        for _ in 0..n {
            let day = Day(i32::try_from(from.signed()?).map_err(|_| CodecError)?);
            let segments = (0..from.len()?).map(|_| from.byte()).collect::<Result<_, _>>()?;
            let points = (0..from.len()?)
                .map(|_| u16::try_from(from.get()?).map_err(|_| CodecError))
                .collect::<Result<_, _>>()?;
            entries.push(Self { day, segments, points });
        }
        from.end()?;
        Ok(entries)
    }
}

impl Delta {
    /// No submission became counted or stopped being so.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.plus.is_empty() && self.minus.is_empty()
    }
}

impl CellKey {
    /// Kind (0 total, 1 day, 2 segment) and number, the primary key of a stored cell within its budget.
    #[must_use]
    pub fn to_parts(self) -> (i16, i32) {
        match self {
            Self::Total => (0, 0),
            Self::Day(day) => (1, day.0),
            Self::Segment(segment, value) => (2, i32::from(segment) << 8 | i32::from(value)),
        }
    }

    /// Back from kind and number.
    ///
    /// # Errors
    /// When there is no such kind or number.
    pub fn from_parts(kind: i16, number: i32) -> Result<Self, CodecError> {
        match kind {
            0 if number == 0 => Ok(Self::Total),
            1 => Ok(Self::Day(Day(number))),
            2 => {
                let segment = u8::try_from(number >> 8).map_err(|_| CodecError)?;
                let value = (number & 0xff) as u8;
                if value == 0 { Err(CodecError) } else { Ok(Self::Segment(segment, value)) }
            }
            _ => Err(CodecError),
        }
    }
}

impl Summary {
    /// The stored form of a whole summary: what a correction carries.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put(&mut out, self.cells.len() as u64);
        for (key, cell) in &self.cells {
            let (kind, number) = key.to_parts();
            put_signed(&mut out, i64::from(kind));
            put_signed(&mut out, i64::from(number));
            cell.write(&mut out);
        }
        out
    }

    /// Reads the stored form of a whole summary.
    ///
    /// # Errors
    /// When the bytes are not a summary.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut from = Reader(bytes);
        let mut summary = Self::default();
        for _ in 0..from.len()? {
            let kind = i16::try_from(from.signed()?).map_err(|_| CodecError)?;
            let number = i32::try_from(from.signed()?).map_err(|_| CodecError)?;
            summary.cells.insert(CellKey::from_parts(kind, number)?, Cell::read(&mut from)?);
        }
        from.end()?;
        Ok(summary)
    }
}
