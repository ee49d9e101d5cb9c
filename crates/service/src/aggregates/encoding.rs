//! The forms in which a snapshot's bytes are kept.

use std::io::Write;

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// gzip.
    Gzip,
    /// Brotli.
    Brotli,
}

/// Moderate levels: a snapshot is compressed anew after every change.
const GZIP_LEVEL: u32 = 6;
const BROTLI_QUALITY: i32 = 5;

impl Encoding {
    /// The token of `Content-Encoding`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
        }
    }

    /// The bytes in this coding; empty when compression fails, which writing to memory does not.
    pub(super) fn encode(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Identity => bytes.to_vec(),
            Self::Gzip => {
                let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(GZIP_LEVEL));
                gzip.write_all(bytes).and_then(|()| gzip.finish()).unwrap_or_default()
            }
            Self::Brotli => {
                let parameters = brotli::enc::BrotliEncoderParams {
                    quality: BROTLI_QUALITY,
                    size_hint: bytes.len(),
                    ..Default::default()
                };
                let mut out = Vec::new();
                let mut reader = bytes;
                match brotli::BrotliCompress(&mut reader, &mut out, &parameters) {
                    Ok(_) => out,
                    Err(_) => Vec::new(),
                }
            }
        }
    }
}
