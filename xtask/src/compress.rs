//! Compression ahead of time, at the slowest and best settings.

use std::fs;
use std::io::Write as _;

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::cache::Cache;
use crate::site::Site;

/// What is kept beside a file: only encodings that are smaller than the file.
#[derive(Debug, Default)]
pub(crate) struct Compressed {
    pub(crate) br: Option<Vec<u8>>,
    pub(crate) gz: Option<Vec<u8>>,
}

const COMPRESSIBLE: [&str; 12] =
    ["css", "html", "ico", "js", "json", "map", "mjs", "svg", "txt", "wasm", "webmanifest", "xml"];

/// Compresses every file of the site that is worth it.
pub(crate) fn all(cache: &Cache, site: &mut Site) -> Result<()> {
    for (path, file) in site.files_mut() {
        if path.rsplit_once('.').is_some_and(|(_, extension)| COMPRESSIBLE.contains(&extension)) {
            file.compressed = one(cache, &file.content)?;
        }
    }
    Ok(())
}

fn one(cache: &Cache, content: &[u8]) -> Result<Compressed> {
    let entry = cache.get("compressed", [content], |folder| {
        for (name, encoded) in [("br", brotli(content)?), ("gz", gzip(content)?)] {
            if encoded.len() < content.len() {
                fs::write(folder.join(name), encoded)?;
            }
        }
        Ok(())
    })?;
    Ok(Compressed { br: fs::read(entry.join("br")).ok(), gz: fs::read(entry.join("gz")).ok() })
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..brotli::enc::BrotliEncoderParams::default()
    };
    let mut encoded = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut encoded, &parameters)?;
    Ok(encoded)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn compressed(path: &str, content: &[u8]) -> Compressed {
        let folder = tempfile::tempdir().unwrap();
        let mut site = Site::default();
        site.add(path, content.to_vec());
        all(&Cache::open(folder.path().join("cache")).unwrap(), &mut site).unwrap();
        std::mem::take(&mut site.files_mut().next().unwrap().1.compressed)
    }

    #[test]
    fn both_encodings_give_the_content_back() {
        let content = b"points, points, points, points, points, points".repeat(20);
        let Compressed { br: Some(br), gz: Some(gz) } = compressed("a.css", &content) else {
            panic!("both encodings are smaller");
        };
        let (mut from_br, mut from_gz) = (Vec::new(), Vec::new());
        brotli::BrotliDecompress(&mut br.as_slice(), &mut from_br).unwrap();
        flate2::read::GzDecoder::new(gz.as_slice()).read_to_end(&mut from_gz).unwrap();
        assert_eq!(from_br, content);
        assert_eq!(from_gz, content);
    }

    #[test]
    fn what_does_not_get_smaller_is_left_alone() {
        let Compressed { br, gz } = compressed("a.css", b"x");
        assert!(br.is_none() && gz.is_none());
    }

    #[test]
    fn pictures_are_left_alone() {
        let Compressed { br, gz } = compressed("a.png", &[0; 1000]);
        assert!(br.is_none() && gz.is_none());
    }
}
