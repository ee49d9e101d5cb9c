//! Content codings and conditions of a read (RFC 9110, sections 12.5.3 and 13.1.2).

use http::{HeaderMap, header};
use service::{Encoding, Snapshot, port::Version};

/// What is compressed once for many readers: the smallest first.
const SMALLEST: [Encoding; 3] = [Encoding::Brotli, Encoding::Zstd, Encoding::Gzip];
/// What is compressed for one reader: the cheapest first.
const CHEAPEST: [Encoding; 3] = [Encoding::Zstd, Encoding::Brotli, Encoding::Gzip];

/// The best coding that the client takes for what is kept compressed: the smallest one at equal weights.
#[must_use]
pub fn coding(headers: &HeaderMap) -> Encoding {
    heaviest(headers, SMALLEST)
}

/// The best coding that the client takes for what is made for it alone: the cheapest one at equal weights.
#[must_use]
pub fn quick_coding(headers: &HeaderMap) -> Encoding {
    heaviest(headers, CHEAPEST)
}

/// The coding with the greatest weight, the first of equal ones; none when nothing else is taken.
fn heaviest(headers: &HeaderMap, codings: [Encoding; 3]) -> Encoding {
    let (mut weights, mut identity, mut any) = ([None; 3], None, None);
    for (name, weight) in weighted(headers, header::ACCEPT_ENCODING) {
        let name = if name.eq_ignore_ascii_case("x-gzip") { "gzip" } else { name };
        if let Some(place) = codings.iter().position(|coding| name.eq_ignore_ascii_case(coding.as_str())) {
            weights[place] = Some(weight);
        } else if name.eq_ignore_ascii_case("identity") {
            identity = Some(weight);
        } else if name == "*" {
            any = Some(weight);
        }
    }
    // Not named, it is still acceptable, but the last choice.
    let mut best = (Encoding::Identity, identity.unwrap_or(0));
    for (coding, weight) in codings.into_iter().zip(weights) {
        let weight = weight.or(any).unwrap_or(0);
        if weight > best.1 || (weight > 0 && weight == best.1 && best.0 == Encoding::Identity) {
            best = (coding, weight);
        }
    }
    best.0
}

/// The members of a list with their weights in thousandths (RFC 9110, section 12.4.2).
pub(crate) fn weighted(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = (&str, u16)> {
    list(headers, name).map(|part| {
        let (member, parameters) = part.split_once(';').unwrap_or((part, ""));
        (member.trim(), weight(parameters))
    })
}

/// A weight in thousandths; what can't be read counts as 1.
fn weight(parameters: &str) -> u16 {
    let Some((_, value)) = parameters.split_once('=') else { return 1000 };
    let weight: f32 = value.trim().parse().unwrap_or(1.0);
    (weight.clamp(0.0, 1.0) * 1000.0) as u16
}

/// The newest version that the reader says it has.
#[must_use]
pub fn seen(headers: &HeaderMap) -> Option<Version> {
    list(headers, header::IF_NONE_MATCH).filter_map(Snapshot::version_of_etag).max()
}

/// Whether `If-None-Match` names this entity tag; compared weakly, as the RFC says.
#[must_use]
pub fn is_known(headers: &HeaderMap, etag: &[u8]) -> bool {
    list(headers, header::IF_NONE_MATCH).any(|tag| {
        let tag = tag.strip_prefix("W/").unwrap_or(tag);
        tag == "*" || tag.as_bytes() == etag
    })
}

fn list(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_heaviest_coding_wins_and_brotli_wins_ties() {
        for (accept, coding_) in [
            ("", Encoding::Identity),
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip", Encoding::Gzip),
            ("GZIP;q=1.0, br;q=0.5", Encoding::Gzip),
            ("br;q=0, gzip;q=0.001", Encoding::Gzip),
            ("br;q=0, gzip;q=0", Encoding::Identity),
            ("*", Encoding::Brotli),
            ("*;q=0.5, br;q=0", Encoding::Zstd),
            ("*;q=0.5, br;q=0, zstd;q=0", Encoding::Gzip),
            ("identity, gzip;q=0.5", Encoding::Identity),
            ("deflate", Encoding::Identity),
            ("br; q = 0.8 , gzip ; q=0.9", Encoding::Gzip),
            ("zstd, gzip", Encoding::Zstd),
            ("Zstd;q=0.9, br;q=0.8, *;q=0.7", Encoding::Zstd),
            ("*;q=0, zstd;q=0, identity", Encoding::Identity),
        ] {
            assert_eq!(coding(&headers(header::ACCEPT_ENCODING, &[accept])), coding_, "{accept}");
        }
        assert_eq!(coding(&HeaderMap::new()), Encoding::Identity);
        assert_eq!(coding(&headers(header::ACCEPT_ENCODING, &["gzip;q=0.5", "br"])), Encoding::Brotli);
    }

    #[test]
    fn what_is_made_for_one_reader_is_compressed_the_cheapest_way_unless_that_one_says_otherwise() {
        for (accept, coding) in [
            ("gzip, deflate, br, zstd", Encoding::Zstd),
            ("gzip, deflate, br", Encoding::Brotli),
            ("zstd;q=0.5, br;q=0.6", Encoding::Brotli),
            ("x-gzip", Encoding::Gzip),
            ("*", Encoding::Zstd),
            ("*, zstd;q=0", Encoding::Brotli),
            ("identity;q=0.5, gzip;q=0.4", Encoding::Identity),
            ("", Encoding::Identity),
        ] {
            assert_eq!(quick_coding(&headers(header::ACCEPT_ENCODING, &[accept])), coding, "{accept}");
        }
    }

    #[test]
    fn lists_weak_tags_and_the_star_are_understood() {
        let etag = b"\"1-ff-br\"";
        for known in ["\"1-ff-br\"", "W/\"1-ff-br\"", "\"x\", \"1-ff-br\"", "*"] {
            assert!(is_known(&headers(header::IF_NONE_MATCH, &[known]), etag), "{known}");
        }
        for unknown in ["\"1-ff-gzip\"", "1-ff-br", "\"\"", ""] {
            assert!(!is_known(&headers(header::IF_NONE_MATCH, &[unknown]), etag), "{unknown}");
        }
        let several = headers(header::IF_NONE_MATCH, &["\"1-1-br\", W/\"1-ff-gzip\"", "\"rubbish\""]);
        assert_eq!(seen(&several), Some(Version(255)));
    }
}
