//! What comes before a body: addresses, cookies, conditions.

use crate::{
    front::{Proxies, without_slash},
    router::api,
};
use app::{
    locale::Locale,
    server::{conditional, participant_of},
};
use domain::{SubmissionId, Timestamp};
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use service::{Encoding, Keys, port::Participant};
use std::net::{IpAddr, Ipv4Addr};

const SECRET: &[u8] = b"a secret of the fuzz targets";

/// A header of these bytes, if any header can have them.
fn of(name: HeaderName, bytes: &[u8]) -> Option<HeaderMap> {
    Some(HeaderMap::from_iter([(name, HeaderValue::from_bytes(bytes).ok()?)]))
}

/// A redirect never leaves the site, and only trusted proxies say who asks.
pub(super) fn address(bytes: &[u8]) {
    if let Ok(uri) = Uri::try_from(bytes)
        && let Some(target) = without_slash(uri.path(), uri.query())
    {
        assert!(target.starts_with('/') && !target.starts_with("//") && !target.starts_with("/\\"), "{target:?}");
    }
    let peer = IpAddr::from(Ipv4Addr::new(10, 0, 0, 1));
    for name in [HeaderName::from_static("x-forwarded-for"), header::FORWARDED] {
        let Some(headers) = of(name, bytes) else { continue };
        assert_eq!(Proxies::new(Vec::new()).client(peer, &headers), peer, "nobody is trusted");
        let trusting = Proxies::new(vec![ipnet::IpNet::from(peer)]);
        let client = trusting.client(peer, &headers);
        assert!(client == peer || !trusting.trusts(client));
    }
}

/// A coding that nobody named is not used, and a tag that nobody showed is not known.
pub(super) fn conditions(bytes: &[u8]) {
    if let Some(headers) = of(header::ACCEPT_ENCODING, bytes) {
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        for coding in [conditional::coding(&headers), conditional::quick_coding(&headers)] {
            let named = text.contains(coding.as_str()) || text.contains('*');
            assert!(coding == Encoding::Identity || named, "{coding:?} for {text:?}");
        }
    }
    if let Some(headers) = of(header::IF_NONE_MATCH, bytes) {
        let _ = conditional::seen(&headers);
        let known = conditional::is_known(&headers, b"\"1-ff-br\"");
        let shown = bytes.windows(9).any(|part| part == b"\"1-ff-br\"") || bytes.contains(&b'*');
        assert!(!known || shown);
    }
    if let Some(headers) = of(api::LAST_EVENT_ID, bytes) {
        let _ = api::last_event(&headers);
    }
    if let Some(headers) = of(header::ACCEPT_LANGUAGE, bytes) {
        let _ = Locale::of("/", &headers);
    }
    if let Ok(path) = std::str::from_utf8(bytes) {
        let _ = Locale::of(path, &HeaderMap::new());
    }
}

/// Only what we signed is somebody, and only its own token opens a submission.
pub(super) fn cookies(bytes: &[u8]) {
    let keys = Keys::new(SECRET);
    if let Some(headers) = of(header::COOKIE, bytes)
        && let Some(who) = participant_of(&headers, &keys, false)
    {
        let signed = keys.sign_participant(who);
        let genuine = bytes.windows(signed.len()).any(|part| part == signed.as_bytes());
        assert!(genuine && who == Participant(7), "the corpus has one genuine cookie");
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let id = SubmissionId::from_parts(Timestamp::from_millis(1), [7; 10]);
        assert_eq!(keys.verify_manage(id, text), text == keys.manage_token(id));
        if let Ok(id) = text.parse::<SubmissionId>() {
            assert_eq!(id.to_string().parse(), Ok(id));
        }
    }
}
