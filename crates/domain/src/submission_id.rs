//! Submission ids: UUID version 7 (RFC 9562), which begin with their time in milliseconds.

use crate::Timestamp;
use core::{fmt, str::FromStr};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How far in the past the time of a client's new id may lie, in days.
pub const OLDEST_DAYS: i64 = 90;
/// How far ahead of the server's clock it may lie, in days.
pub const NEWEST_DAYS: i64 = 1;

/// A UUID v7. Ordered by time first, as its bytes are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubmissionId([u8; 16]);

/// The text is not a UUID v7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotUuidV7;

impl fmt::Display for NotUuidV7 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be a UUID of version 7")
    }
}

impl core::error::Error for NotUuidV7 {}

impl SubmissionId {
    /// An id of this time with these random bits; six of the 80 bits give way to version and variant.
    #[must_use]
    pub const fn from_parts(at: Timestamp, random: [u8; 10]) -> Self {
        let t = (at.as_millis() as u64).to_be_bytes();
        let r = random;
        Self([
            t[2],
            t[3],
            t[4],
            t[5],
            t[6],
            t[7],
            0x70 | (r[0] & 0x0f),
            r[1],
            0x80 | (r[2] & 0x3f),
            r[3],
            r[4],
            r[5],
            r[6],
            r[7],
            r[8],
            r[9],
        ])
    }

    /// Errors unless version (7) and variant (10) bits are right.
    pub const fn from_bytes(bytes: [u8; 16]) -> Result<Self, NotUuidV7> {
        if bytes[6] >> 4 == 7 && bytes[8] >> 6 == 0b10 { Ok(Self(bytes)) } else { Err(NotUuidV7) }
    }

    /// The 16 bytes in network order.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The time that the id carries, whole milliseconds.
    #[must_use]
    pub const fn time(&self) -> Timestamp {
        let b = &self.0;
        Timestamp::from_millis(u64::from_be_bytes([0, 0, b[0], b[1], b[2], b[3], b[4], b[5]]) as i64)
    }

    /// Whether a client may bring this id for a submission that is not known yet.
    #[must_use]
    pub fn is_acceptable_at(&self, now: Timestamp) -> bool {
        let time = self.time();
        time >= now.plus_days(-OLDEST_DAYS) && time <= now.plus_days(NEWEST_DAYS)
    }

    /// The earlier of the id's time and the server's clock at commit: what orders a participant's submissions.
    #[must_use]
    pub fn effective_time(&self, commit: Timestamp) -> Timestamp {
        self.time().min(commit.floor_to_millis())
    }
}

impl fmt::Display for SubmissionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, byte) in self.0.iter().enumerate() {
            if matches!(i, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for SubmissionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for SubmissionId {
    type Err = NotUuidV7;

    /// The hyphenated form of 36 characters, hexadecimal digits of either case.
    fn from_str(text: &str) -> Result<Self, NotUuidV7> {
        let text = text.as_bytes();
        if text.len() != 36 {
            return Err(NotUuidV7);
        }
        let mut bytes = [0u8; 16];
        let mut at = 0;
        for (i, byte) in bytes.iter_mut().enumerate() {
            if matches!(i, 4 | 6 | 8 | 10) {
                if text[at] != b'-' {
                    return Err(NotUuidV7);
                }
                at += 1;
            }
            let digit = |c: u8| (c as char).to_digit(16).ok_or(NotUuidV7);
            *byte = (digit(text[at])? << 4 | digit(text[at + 1])?) as u8;
            at += 2;
        }
        Self::from_bytes(bytes)
    }
}

impl Serialize for SubmissionId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SubmissionId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_keeps_its_time_through_text_and_back() {
        let at = Timestamp::from_millis(1_795_257_045_006);
        let id = SubmissionId::from_parts(at, [0xff; 10]);
        let text = id.to_string();
        assert_eq!(text.parse::<SubmissionId>(), Ok(id));
        assert_eq!(text.to_uppercase().parse::<SubmissionId>(), Ok(id));
        assert_eq!(id.time(), at);
        assert_eq!(&text[14..15], "7");
    }

    #[test]
    fn other_versions_and_other_text_are_refused() {
        for text in [
            "",
            "f47ac10b-58cc-4372-a567-0e02b2c3d479",
            "0192d3a4-58cc-7372-c567-0e02b2c3d479",
            "0192d3a4-58cc-7372-a567_0e02b2c3d479",
            "0192d3a458cc7372a5670e02b2c3d479",
        ] {
            assert!(text.parse::<SubmissionId>().is_err(), "{text}");
        }
    }

    #[test]
    fn ids_order_by_time() {
        let early = SubmissionId::from_parts(Timestamp::from_millis(5), [0xff; 10]);
        let late = SubmissionId::from_parts(Timestamp::from_millis(6), [0; 10]);
        assert!(early < late);
    }
}
