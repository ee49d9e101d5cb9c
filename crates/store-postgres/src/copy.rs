//! PostgreSQL's binary `COPY` format, read without a copy of each row.
//!
//! Source: PostgreSQL documentation, `COPY`, "Binary Format": a signature of 11 bytes, flags and the length of
//! an extension (four bytes each), then per row the number of fields (two bytes) and each field behind its
//! length (four bytes, -1 = null); the number -1 ends it.

use crate::error::Fault;

pub(crate) const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";
const HEADER: usize = 19;

/// The fields of one row, one after the other.
pub(crate) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    /// The next field; `None` is null.
    pub(crate) fn next(&mut self) -> Result<Option<&'a [u8]>, Fault> {
        let (field, length) = field(self.0).ok_or_else(|| Fault::damaged("a copied row ends too early"))?;
        self.0 = &self.0[length..];
        Ok(field)
    }

    /// The next field, which is never null.
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Fault> {
        self.next()?.ok_or_else(|| Fault::damaged("a copied field is null"))
    }

    pub(crate) fn flag(&mut self) -> Result<bool, Fault> {
        Ok(self.bytes()? == [1])
    }

    pub(crate) fn number(&mut self) -> Result<Option<i64>, Fault> {
        let Some(bytes) = self.next()? else { return Ok(None) };
        let bytes = bytes.try_into().map_err(|_| Fault::damaged("a copied number does not have 8 bytes"))?;
        Ok(Some(i64::from_be_bytes(bytes)))
    }
}

/// The field at the start of the bytes and the length of both, if all of it is there.
fn field(bytes: &[u8]) -> Option<(Option<&[u8]>, usize)> {
    let length = i32::from_be_bytes(bytes.get(..4)?.try_into().ok()?);
    match usize::try_from(length) {
        Ok(length) => Some((Some(bytes.get(4..4 + length)?), 4 + length)),
        Err(_) => Some((None, 4)),
    }
}

/// What is at the start of the bytes.
enum Next {
    /// A row of this length, its count of fields included.
    Row(usize),
    End,
    /// More bytes are needed.
    Part,
}

fn next(bytes: &[u8]) -> Next {
    let Some(count) = bytes.get(..2) else { return Next::Part };
    let Ok(count) = u16::try_from(i16::from_be_bytes([count[0], count[1]])) else { return Next::End };
    let mut length = 2;
    for _ in 0..count {
        match field(&bytes[length..]) {
            Some((_, field)) => length += field,
            None => return Next::Part,
        }
    }
    Next::Row(length)
}

/// Puts the chunks of a stream together to rows.
#[derive(Default)]
pub(crate) struct Rows {
    begun: bool,
    /// The start of a row whose rest is still to come.
    rest: Vec<u8>,
}

impl Rows {
    /// Hands over every row that is complete with this chunk.
    pub(crate) fn feed(
        &mut self,
        chunk: &[u8],
        mut each: impl FnMut(Fields<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        if self.rest.is_empty() {
            let used = self.rows(chunk, &mut each)?;
            self.rest.extend_from_slice(&chunk[used..]);
        } else {
            let mut bytes = std::mem::take(&mut self.rest);
            bytes.extend_from_slice(chunk);
            let used = self.rows(&bytes, &mut each)?;
            bytes.drain(..used);
            self.rest = bytes;
        }
        Ok(())
    }

    fn rows(&mut self, bytes: &[u8], each: &mut impl FnMut(Fields<'_>) -> Result<(), Fault>) -> Result<usize, Fault> {
        let mut used = 0;
        if !self.begun {
            if bytes.len() < HEADER {
                return Ok(0);
            }
            if !bytes.starts_with(SIGNATURE) {
                return Err(Fault::damaged("not a binary copy"));
            }
            self.begun = true;
            used = HEADER;
        }
        loop {
            match next(&bytes[used..]) {
                Next::Row(length) => {
                    each(Fields(&bytes[used + 2..used + length]))?;
                    used += length;
                }
                Next::End => return Ok(bytes.len()),
                Next::Part => return Ok(used),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copied() -> Vec<u8> {
        let mut bytes = SIGNATURE.to_vec();
        bytes.extend([0; 8]);
        for n in 0..3_i64 {
            bytes.extend([0, 3, 0, 0, 0, 8]);
            bytes.extend(n.to_be_bytes());
            bytes.extend([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 1]);
        }
        bytes.extend([0xff, 0xff]);
        bytes
    }

    #[test]
    fn rows_are_whole_however_the_stream_is_cut() {
        let bytes = copied();
        for size in 1..=bytes.len() {
            let (mut rows, mut seen) = (Rows::default(), Vec::new());
            for chunk in bytes.chunks(size) {
                rows.feed(chunk, |mut fields| {
                    seen.push((fields.number()?, fields.number()?, fields.flag()?));
                    Ok(())
                })
                .unwrap();
            }
            assert_eq!(seen, [(Some(0), None, true), (Some(1), None, true), (Some(2), None, true)], "{size}");
        }
    }

    #[test]
    fn something_else_is_refused() {
        assert!(Rows::default().feed(&[0; 40], |_| Ok(())).is_err());
    }
}
