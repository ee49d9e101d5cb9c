//! The three cookies.
//!
//! `allot_participant` is the signed, random identity of somebody who consented to it. `allot_receipt` hands
//! a submission's manage token over from the answer to the form to the results page of the device that
//! submitted: it is sent to that one page only and ends after ten minutes, so that the token is in no address, no
//! history and no shared link. The plain form gets it, and so does a page's script that submits through `/api/v1`. It
//! is strictly necessary for what the person just asked for, and needs no consent. `allot_recent` says for a minute
//! that this device has just changed something, so that its pages come from the database and not from a replica that
//! may be behind; it says nothing else, and is set only where there is a replica. The about page names all three.

use crate::locale::Language;
use http::{HeaderMap, HeaderValue, header::COOKIE};
use service::{Keys, port::Participant};

/// The name of the participant's cookie.
pub const PARTICIPANT_COOKIE: &str = "allot_participant";
/// Its name behind TLS: browsers then refuse one that a neighbouring domain set.
const HOST_PARTICIPANT_COOKIE: &str = "__Host-allot_participant";
const RECENT_COOKIE: &str = "allot_recent";
const RECEIPT_COOKIE: &str = "allot_receipt";
/// 400 days, the longest that browsers keep a cookie.
const PARTICIPANT_SECONDS: u32 = 400 * 86_400;
const RECEIPT_SECONDS: u32 = 600;

/// Whose cookie a request carries; a forged one is ignored. Behind TLS (`secure`) only the name counts that a neighbouring
/// domain can't set: under the other one it could make somebody the participant that it knows.
#[must_use]
pub fn participant_of(headers: &HeaderMap, keys: &Keys, secure: bool) -> Option<Participant> {
    value(headers, participant_cookie(secure)).and_then(|cookie| keys.read_participant(cookie))
}

/// The token that came over with the receipt's cookie; not verified.
pub(crate) fn receipt_token(headers: &HeaderMap) -> Option<&str> {
    value(headers, RECEIPT_COOKIE)
}

/// Whether this device has changed something in the last minute.
#[must_use]
pub fn changed_lately(headers: &HeaderMap) -> bool {
    value(headers, RECENT_COOKIE).is_some()
}

/// Notes for a minute that this device has changed something.
#[must_use]
pub fn changed(secure: bool) -> Option<HeaderValue> {
    let seconds = u32::try_from(service::replica::SETTLED.as_secs()).unwrap_or(u32::MAX);
    cookie(RECENT_COOKIE, "1", "/", seconds, secure)
}

fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

fn cookie(name: &str, value: &str, path: &str, seconds: u32, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"))
        .ok()
}

/// Remembers a participant who consented. `secure` when people use the site through TLS only.
#[must_use]
pub fn remember(keys: &Keys, participant: Participant, secure: bool) -> Option<HeaderValue> {
    cookie(participant_cookie(secure), &keys.sign_participant(participant), "/", PARTICIPANT_SECONDS, secure)
}

/// Forgets the participant on this device.
#[must_use]
pub fn forget(secure: bool) -> Option<HeaderValue> {
    cookie(participant_cookie(secure), "", "/", 0, secure)
}

const fn participant_cookie(secure: bool) -> &'static str {
    if secure { HOST_PARTICIPANT_COOKIE } else { PARTICIPANT_COOKIE }
}

/// Hands the manage token of a submission to its results page, a cookie for its address in each language.
#[must_use]
pub fn hand_over(id: &str, token: &str, secure: bool) -> Vec<HeaderValue> {
    let prefixes = [""].into_iter().chain(Language::ALL.map(Language::prefix));
    let cookie = |prefix| cookie(RECEIPT_COOKIE, token, &format!("{prefix}/results/{id}"), RECEIPT_SECONDS, secure);
    prefixes.filter_map(cookie).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookie: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_static(cookie))])
    }

    #[test]
    fn a_signed_cookie_is_read_among_others_and_a_forged_one_is_ignored() {
        let keys = Keys::new(b"secret");
        let signed = keys.sign_participant(Participant(7));
        let mut all = headers("theme=dark; allot_participantx=1");
        all.append(COOKIE, HeaderValue::from_str(&format!("a=b; allot_participant={signed}")).unwrap());
        assert_eq!(participant_of(&all, &keys, false), Some(Participant(7)));
        assert_eq!(participant_of(&headers("allot_participant=7"), &keys, false), None);
        assert_eq!(participant_of(&all, &Keys::new(b"other"), false), None);
    }

    #[test]
    fn behind_tls_a_genuine_cookie_counts_only_under_the_name_that_a_neighbouring_domain_can_not_set() {
        let keys = Keys::new(b"secret");
        let of = |set: HeaderValue| {
            let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&pair).unwrap())])
        };
        let plain = of(remember(&keys, Participant(7), false).unwrap());
        let host = of(remember(&keys, Participant(7), true).unwrap());
        assert_eq!(participant_of(&plain, &keys, true), None);
        assert_eq!(participant_of(&host, &keys, true), Some(Participant(7)));
    }

    #[test]
    fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
        let set = remember(&Keys::new(b"secret"), Participant(7), true).unwrap();
        let set = set.to_str().unwrap();
        assert!(set.ends_with("; HttpOnly; SameSite=Lax; Secure"), "{set}");
        let recent = changed(true).unwrap();
        assert_eq!(recent, "allot_recent=1; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
        assert!(changed_lately(&headers("a=b; allot_recent=1")) && !changed_lately(&headers("a=b")));
        let receipts = hand_over("an-id", "a-token", false);
        for (receipt, prefix) in receipts.iter().zip(["", "/en", "/es"]) {
            let path = format!("; Path={prefix}/results/an-id; Max-Age=600; HttpOnly");
            assert!(receipt.to_str().unwrap().contains(&path));
        }
        assert_eq!(receipts.len(), 3);
    }
}
