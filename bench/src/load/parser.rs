//! As much of HTTP/1.1 as tells where a response ends: status, length, chunks.

use anyhow::{Context, Result, bail, ensure};
use memchr::memmem;

const MAX_HEAD: usize = 64 * 1024;

/// Reads one response after the other, in whatever pieces they come.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    state: State,
    /// The start of a head or line whose end hasn't come yet.
    partial: Vec<u8>,
    status: u16,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Head,
    Body(u64),
    ChunkSize,
    /// With the line end after it.
    Chunk(u64),
    Trailer,
}

impl Parser {
    /// The status of the response whose end was found last.
    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    /// Takes bytes; answers how many belonged to the response if that is its end. `body` gets the content.
    ///
    /// # Errors
    /// Not HTTP/1.1, or a response that only the connection's end would end.
    pub(crate) fn feed(&mut self, bytes: &[u8], mut body: impl FnMut(&[u8])) -> Result<Option<usize>> {
        let mut at = 0;
        loop {
            let rest = &bytes[at..];
            match self.state {
                State::Head => {
                    let Some((used, next)) = self.block(rest, b"\r\n\r\n", head)? else { return Ok(None) };
                    at += used;
                    (self.status, self.state) = next;
                }
                State::Body(0) => {
                    self.state = State::Head;
                    return Ok(Some(at));
                }
                State::Body(left) => {
                    let used = length(rest, left);
                    if used == 0 {
                        return Ok(None);
                    }
                    body(&rest[..used]);
                    at += used;
                    self.state = State::Body(left - used as u64);
                }
                State::ChunkSize => {
                    let Some((used, size)) = self.block(rest, b"\r\n", chunk_size)? else { return Ok(None) };
                    at += used;
                    self.state = if size == 0 { State::Trailer } else { State::Chunk(size + 2) };
                }
                State::Chunk(0) => self.state = State::ChunkSize,
                State::Chunk(left) => {
                    let used = length(rest, left);
                    if used == 0 {
                        return Ok(None);
                    }
                    body(&rest[..length(rest, left.saturating_sub(2))]);
                    at += used;
                    self.state = State::Chunk(left - used as u64);
                }
                State::Trailer => {
                    let Some((used, empty)) = self.block(rest, b"\r\n", |line| Ok(line.len() == 2))? else {
                        return Ok(None);
                    };
                    at += used;
                    if empty {
                        self.state = State::Head;
                        return Ok(Some(at));
                    }
                }
            }
        }
    }

    /// Reads up to and with `end`, which may have come in pieces; answers how many of `bytes` that took.
    fn block<T>(&mut self, bytes: &[u8], end: &[u8], read: fn(&[u8]) -> Result<T>) -> Result<Option<(usize, T)>> {
        if self.partial.is_empty()
            && let Some(found) = memmem::find(bytes, end)
        {
            let used = found + end.len();
            return Ok(Some((used, read(&bytes[..used])?)));
        }
        let before = self.partial.len();
        self.partial.extend_from_slice(bytes);
        let from = before.saturating_sub(end.len() - 1);
        let Some(found) = memmem::find(&self.partial[from..], end) else {
            ensure!(self.partial.len() < MAX_HEAD, "the head of a response doesn't end");
            return Ok(None);
        };
        let whole = from + found + end.len();
        let value = read(&self.partial[..whole])?;
        self.partial.clear();
        Ok(Some((whole - before, value)))
    }
}

fn length(bytes: &[u8], left: u64) -> usize {
    bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX))
}

fn head(head: &[u8]) -> Result<(u16, State)> {
    ensure!(head.starts_with(b"HTTP/1.1 ") && head.len() > 12, "not an HTTP/1.1 response");
    let status = number(&head[9..12], 10)?;
    let status = u16::try_from(status)?;
    let mut state = None;
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', head) {
        let line = &head[start..end];
        start = end + 1;
        match line.first() {
            Some(b'c' | b'C') => {
                if let Some(value) = value(line, b"content-length:") {
                    state = Some(State::Body(number(value, 10)?));
                }
            }
            Some(b't' | b'T') if value(line, b"transfer-encoding:").is_some() => state = Some(State::ChunkSize),
            _ => {}
        }
    }
    match (status, state) {
        (100..200, _) => bail!("an interim response ({status})"),
        (204 | 304, _) => Ok((status, State::Body(0))),
        (_, Some(state)) => Ok((status, state)),
        (_, None) => bail!("a response ({status}) without a length"),
    }
}

fn value<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (start, value) = line.split_at_checked(name.len())?;
    start.eq_ignore_ascii_case(name).then(|| value.trim_ascii())
}

fn chunk_size(line: &[u8]) -> Result<u64> {
    let digits = line.split(|byte| matches!(byte, b';' | b'\r')).next().unwrap_or_default();
    number(digits.trim_ascii(), 16)
}

fn number(digits: &[u8], radix: u32) -> Result<u64> {
    let text = str::from_utf8(digits)?;
    u64::from_str_radix(text, radix).with_context(|| format!("{text:?} is not a number"))
}

#[cfg(test)]
mod tests {
    use super::Parser;

    const PLAIN: &str = "HTTP/1.1 201 Created\r\nContent-Type: a\r\ncontent-length: 5\r\n\r\nhello";
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n";
    const EMPTY: &str = "HTTP/1.1 304 Not Modified\r\netag: \"1\"\r\n\r\n";

    #[test]
    fn the_end_is_found_in_whatever_pieces_a_response_comes() {
        for (response, status, content) in [(PLAIN, 201, "hello"), (CHUNKED, 200, "hello"), (EMPTY, 304, "")] {
            for size in 1..=response.len() {
                let mut parser = Parser::default();
                // Twice on one connection.
                for _ in 0..2 {
                    let mut body = Vec::new();
                    let pieces: Vec<_> = response.as_bytes().chunks(size).collect();
                    for (index, piece) in pieces.iter().enumerate() {
                        let end = parser.feed(piece, |bytes| body.extend_from_slice(bytes)).unwrap();
                        let last = index + 1 == pieces.len();
                        assert_eq!(end, last.then_some(piece.len()), "{response:?} in pieces of {size}");
                    }
                    assert_eq!(parser.status(), status);
                    assert_eq!(body, content.as_bytes());
                }
            }
        }
    }

    #[test]
    fn what_follows_a_response_is_left() {
        let two = format!("{PLAIN}{EMPTY}");
        assert_eq!(Parser::default().feed(two.as_bytes(), |_| {}).unwrap(), Some(PLAIN.len()));
    }

    #[test]
    fn a_response_whose_end_can_not_be_told_is_refused() {
        for response in ["HTTP/1.1 200 OK\r\n\r\n", "SSH-2.0\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n"] {
            assert!(Parser::default().feed(response.as_bytes(), |_| {}).is_err(), "{response}");
        }
    }
}
