//! Bytes that many readers get: compressed once, when first asked for.

use bytes::Bytes;
use std::{io::Write, sync::OnceLock};

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// gzip.
    Gzip,
    /// Brotli.
    Brotli,
    /// Zstandard.
    Zstd,
}

/// Moderate levels: the bytes change with every version.
const GZIP_LEVEL: u32 = 6;
const BROTLI_QUALITY: i32 = 5;
/// Its window is far below the 8 MiB that browsers take (RFC 9659).
const ZSTD_LEVEL: i32 = 3;

impl Encoding {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Identity, Self::Gzip, Self::Brotli, Self::Zstd];

    /// The token of `Content-Encoding`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// The bytes in this coding; empty when compression fails, which writing to memory does not.
    #[must_use]
    pub fn encode(self, bytes: &[u8]) -> Vec<u8> {
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
            Self::Zstd => zstd::bulk::compress(bytes, ZSTD_LEVEL).unwrap_or_default(),
        }
    }
}

/// Bytes with their compressed forms. Most versions under load are never read in most codings, so each is made
/// for its first reader.
#[derive(Debug)]
pub struct Encoded {
    identity: Bytes,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
    zstd: OnceLock<Bytes>,
}

impl Encoded {
    /// Compresses nothing yet.
    #[must_use]
    pub fn new(identity: impl Into<Bytes>) -> Self {
        Self { identity: identity.into(), gzip: OnceLock::new(), brotli: OnceLock::new(), zstd: OnceLock::new() }
    }

    /// The bytes in a coding.
    #[must_use]
    pub fn body(&self, encoding: Encoding) -> Bytes {
        let made = match encoding {
            Encoding::Identity => return self.identity.clone(),
            Encoding::Gzip => &self.gzip,
            Encoding::Brotli => &self.brotli,
            Encoding::Zstd => &self.zstd,
        };
        made.get_or_init(|| encoding.encode(&self.identity).into()).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn every_coding_gives_the_same_bytes_back() {
        let text = "Everyone gives a tenth. ".repeat(100);
        let encoded = Encoded::new(text.clone());
        assert_eq!(encoded.body(Encoding::Identity), text);
        let mut gunzipped = String::new();
        flate2::read::GzDecoder::new(&*encoded.body(Encoding::Gzip)).read_to_string(&mut gunzipped).unwrap();
        assert_eq!(gunzipped, text);
        let mut unbrotlied = Vec::new();
        brotli::BrotliDecompress(&mut &*encoded.body(Encoding::Brotli), &mut unbrotlied).unwrap();
        assert_eq!(unbrotlied, text.as_bytes());
        assert_eq!(zstd::bulk::decompress(&encoded.body(Encoding::Zstd), text.len()).unwrap(), text.as_bytes());
        for encoding in [Encoding::Gzip, Encoding::Brotli, Encoding::Zstd] {
            assert!(encoded.body(encoding).len() < text.len() / 10, "{encoding:?}");
        }
    }
}
