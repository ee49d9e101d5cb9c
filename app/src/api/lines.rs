//! How the page's script and the server talk: lines of `key value`.
//!
//! A parser for JSON, with the formatting of numbers that comes along, is a quarter of what the allocate page
//! may weigh. Neither side sends anything here that is more than a few words and numbers. Keys that a reader
//! doesn't know are ignored, so that pages which are still open understand a newer server. Other clients use
//! `/api/v1`, which is JSON.

use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType, codec::Post};

/// Arguments and answers in the body of a `POST`, as lines.
pub(super) type Lines = Post<LinesEncoding>;

/// The encoding. Its content type is none that a form of another site could send.
#[derive(Debug)]
pub struct LinesEncoding;

/// What can be written as lines and read again.
pub trait AsLines: Sized {
    /// Adds the lines of this value.
    fn write(&self, lines: &mut Writer);
    /// The value of these lines; `None` if something is missing or can't be read.
    fn read(lines: &Reader<'_>) -> Option<Self>;
}

/// Lines being written.
#[derive(Debug, Default)]
pub struct Writer(String);

impl Writer {
    /// Adds a line. A line break in `value` would begin another line, and ends it instead.
    pub fn line(&mut self, key: &str, value: &str) {
        let value = value.lines().next().unwrap_or_default();
        for part in [key, " ", value, "\n"] {
            self.0.push_str(part);
        }
    }
}

/// Lines being read.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    /// All lines, in order.
    pub fn all(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.lines().filter_map(|line| line.split_once(' '))
    }

    /// The value of the first line with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'a str> {
        self.all().find(|(name, _)| *name == key).map(|(_, value)| value)
    }
}

impl ContentType for LinesEncoding {
    const CONTENT_TYPE: &'static str = "application/vnd.allot.lines";
}

impl FormatType for LinesEncoding {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: AsLines> Encodes<T> for LinesEncoding {
    type Error = &'static str;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        let mut lines = Writer::default();
        value.write(&mut lines);
        Ok(Bytes::from(lines.0))
    }
}

impl<T: AsLines> Decodes<T> for LinesEncoding {
    type Error = &'static str;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        let text = core::str::from_utf8(&bytes).map_err(|_| "not UTF-8")?;
        T::read(&Reader(text)).ok_or("a line is missing or can't be read")
    }
}
