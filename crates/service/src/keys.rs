//! Everything that is derived from the server's secret: cookie signatures, manage tokens, keys of limits, seals.
//!
//! Each purpose has a key of its own (HMAC-SHA256 of the purpose's name under the secret), so that a value
//! made for one can't be used for another. All processes that share the secret agree.

use crate::port::Participant;
use core::fmt;
use domain::{Day, SubmissionId};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::net::IpAddr;

type HmacSha256 = Hmac<Sha256>;

/// Bytes of a cookie's signature.
const SIGNATURE: usize = 16;
/// Bytes of a manage token.
const TOKEN: usize = 16;
/// Bytes of a seal.
pub(crate) const SEAL: usize = 16;

/// A keyed hash of a network address, good for one day. No address can be computed from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AddressKey(pub u64);

/// Derived keys. `Debug` shows none of them.
#[derive(Clone)]
pub struct Keys {
    participant: HmacSha256,
    newcomer: HmacSha256,
    manage: HmacSha256,
    address: HmacSha256,
    participant_limit: HmacSha256,
    seal: HmacSha256,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(..)")
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn keyed(key: &[u8]) -> HmacSha256 {
    HmacSha256::new_from_slice(key).expect("HMAC takes keys of any length")
}

fn mac(key: &HmacSha256, message: &[&[u8]]) -> HmacSha256 {
    let mut mac = key.clone();
    for part in message {
        mac.update(part);
    }
    mac
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let text = text.as_bytes();
    if text.len() != N * 2 {
        return None;
    }
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

impl Keys {
    /// Derives all keys from a secret of any length.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        let root = keyed(secret);
        let derive = |purpose: &str| keyed(&mac(&root, &[purpose.as_bytes()]).finalize().into_bytes());
        Self {
            participant: derive("allot participant cookie v1"),
            newcomer: derive("allot newcomer form v1"),
            manage: derive("allot manage token v1"),
            address: derive("allot address limit v1"),
            participant_limit: derive("allot participant limit v1"),
            seal: derive("allot shared snapshot v1"),
        }
    }

    /// The value of the participant's cookie: 16 hexadecimal digits, a dot, 32 of signature.
    #[must_use]
    pub fn sign_participant(&self, participant: Participant) -> String {
        signed(&self.participant, participant, &[])
    }

    /// The participant of a cookie's value; `None` when it was not signed here.
    #[must_use]
    pub fn read_participant(&self, cookie: &str) -> Option<Participant> {
        verified(&self.participant, cookie, &[])
    }

    /// Whom the form with this submission's id makes of a stranger who consents to being remembered, for a hidden field
    /// of it: sent twice, it names the same participant twice. Good with this id only, and never as a cookie.
    #[must_use]
    pub fn sign_newcomer(&self, participant: Participant, id: SubmissionId) -> String {
        signed(&self.newcomer, participant, id.as_bytes())
    }

    /// The participant of that field; `None` when it was not signed here for this id.
    #[must_use]
    pub fn read_newcomer(&self, field: &str, id: SubmissionId) -> Option<Participant> {
        verified(&self.newcomer, field, id.as_bytes())
    }

    /// Whoever has this token may delete and export the submission. The same id always gets the same token,
    /// so that a replay can repeat it.
    #[must_use]
    pub fn manage_token(&self, id: SubmissionId) -> String {
        let token = mac(&self.manage, &[id.as_bytes()]).finalize().into_bytes();
        hex(&token[..TOKEN])
    }

    /// Whether the token belongs to the submission; takes the same time for every wrong one.
    #[must_use]
    pub fn verify_manage(&self, id: SubmissionId, token: &str) -> bool {
        from_hex::<TOKEN>(token)
            .is_some_and(|token| mac(&self.manage, &[id.as_bytes()]).verify_truncated_left(&token).is_ok())
    }

    /// The key of an IPv4 address or an IPv6 /64 on a day. The day is the salt: yesterday's keys can't be
    /// matched with today's.
    #[must_use]
    pub fn address_key(&self, address: IpAddr, day: Day) -> AddressKey {
        let network: [u8; 8] = match address.to_canonical() {
            IpAddr::V4(v4) => {
                let [a, b, c, d] = v4.octets();
                // 0::/8 is reserved, so that no IPv6 network looks like this.
                [0, 0, 0, 4, a, b, c, d]
            }
            IpAddr::V6(v6) => {
                let o = v6.octets();
                [o[0], o[1], o[2], o[3], o[4], o[5], o[6], o[7]]
            }
        };
        AddressKey(number(mac(&self.address, &[&day.0.to_be_bytes(), &network])))
    }

    /// Under what name a participant's limit is shared: what the cookie says stays between us and the browser.
    pub(crate) fn participant_limit(&self, participant: Participant) -> u64 {
        number(mac(&self.participant_limit, &[&participant.0.to_be_bytes()]))
    }

    /// Proves that a process with our secret wrote these parts. Their lengths must follow from their order.
    pub(crate) fn seal(&self, parts: &[&[u8]]) -> [u8; SEAL] {
        let mut seal = [0; SEAL];
        seal.copy_from_slice(&mac(&self.seal, parts).finalize().into_bytes()[..SEAL]);
        seal
    }

    pub(crate) fn verify_seal(&self, parts: &[&[u8]], seal: &[u8; SEAL]) -> bool {
        mac(&self.seal, parts).verify_truncated_left(seal).is_ok()
    }
}

/// 16 hexadecimal digits, a dot, 32 of signature over these and over what they are bound to.
fn signed(key: &HmacSha256, participant: Participant, bound: &[u8]) -> String {
    let number = participant.0.to_be_bytes();
    let signature = mac(key, &[&number, bound]).finalize().into_bytes();
    format!("{}.{}", hex(&number), hex(&signature[..SIGNATURE]))
}

fn verified(key: &HmacSha256, text: &str, bound: &[u8]) -> Option<Participant> {
    let (number, signature) = text.split_once('.')?;
    let number: [u8; 8] = from_hex(number)?;
    let signature: [u8; SIGNATURE] = from_hex(signature)?;
    mac(key, &[&number, bound]).verify_truncated_left(&signature).ok()?;
    Some(Participant(u64::from_be_bytes(number)))
}

/// The first eight bytes of a hash.
fn number(mac: HmacSha256) -> u64 {
    let hash = mac.finalize().into_bytes();
    u64::from_be_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    #[test]
    fn a_cookie_is_read_back_only_by_the_secret_that_signed_it() {
        let keys = Keys::new(b"one");
        let cookie = keys.sign_participant(Participant(u64::MAX - 5));
        assert_eq!(keys.read_participant(&cookie), Some(Participant(u64::MAX - 5)));
        assert_eq!(Keys::new(b"two").read_participant(&cookie), None);
        for forged in [
            "",
            ".",
            "0000000000000000.",
            "zz",
            &cookie[1..],
            &cookie.replace('.', ""),
            &cookie.to_uppercase().replace('F', "E"),
        ] {
            assert_eq!(keys.read_participant(forged), None, "{forged}");
        }
    }

    #[test]
    fn a_newcomer_belongs_to_one_form_and_is_no_cookie() {
        let keys = Keys::new(b"secret");
        let [mine, other] = [1, 2].map(|n| SubmissionId::from_parts(Timestamp::from_millis(1), [n; 10]));
        let field = keys.sign_newcomer(Participant(7), mine);
        assert_eq!(keys.read_newcomer(&field, mine), Some(Participant(7)));
        assert_eq!(keys.read_newcomer(&field, other), None);
        assert_eq!(Keys::new(b"other").read_newcomer(&field, mine), None);
        assert_eq!(keys.read_participant(&field), None);
        assert_eq!(keys.read_newcomer(&keys.sign_participant(Participant(7)), mine), None);
    }

    #[test]
    fn a_manage_token_opens_one_submission_only() {
        let keys = Keys::new(b"secret");
        let mine = SubmissionId::from_parts(Timestamp::from_millis(1), [1; 10]);
        let other = SubmissionId::from_parts(Timestamp::from_millis(1), [2; 10]);
        let token = keys.manage_token(mine);
        assert!(keys.verify_manage(mine, &token));
        assert!(!keys.verify_manage(other, &token));
        assert!(!keys.verify_manage(mine, &token[..30]));
        assert!(!keys.verify_manage(mine, ""));
    }

    #[test]
    fn an_ipv6_network_shares_one_key_and_every_day_has_new_ones() {
        let keys = Keys::new(b"secret");
        let key = |address: &str, day| keys.address_key(address.parse().unwrap(), Day(day));
        assert_eq!(key("2001:db8:1:2::1", 1), key("2001:db8:1:2:ffff::9", 1));
        assert_ne!(key("2001:db8:1:2::1", 1), key("2001:db8:1:3::1", 1));
        assert_ne!(key("192.0.2.1", 1), key("192.0.2.2", 1));
        assert_ne!(key("192.0.2.1", 1), key("192.0.2.1", 2));
        assert_eq!(key("192.0.2.1", 1), key("::ffff:192.0.2.1", 1));
    }
}
