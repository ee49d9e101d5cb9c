//! Ids as a client makes them: UUID v7 (RFC 9562).

use crate::clock;
use rand::RngExt;
use rand_pcg::Pcg64Mcg;
use std::time::{Duration, Instant};

/// Characters of an id.
pub(super) const LENGTH: usize = 36;

/// Makes ids that carry the time and 74 random bits.
#[derive(Debug)]
pub(super) struct Identifiers {
    /// The wall clock when `started`; afterwards the cheap monotonic one counts on.
    epoch: Duration,
    started: Instant,
    random: Pcg64Mcg,
}

impl Identifiers {
    pub(super) fn new(random: Pcg64Mcg) -> Self {
        Self { epoch: clock::since_epoch(), started: Instant::now(), random }
    }

    pub(super) fn write(&mut self, out: &mut [u8]) {
        let millis = (self.epoch + self.started.elapsed()).as_millis();
        format(millis & 0xffff_ffff_ffff, self.random.random(), self.random.random(), out);
    }
}

fn format(millis: u128, a: u64, b: u64, out: &mut [u8]) {
    const VERSION: u128 = 0x7 << 76;
    const VARIANT: u128 = 0b10 << 62;
    let value = millis << 80 | VERSION | u128::from(a & 0xfff) << 64 | VARIANT | u128::from(b >> 2);
    let mut nibbles = (0..32).rev().map(|place| (value >> (place * 4) & 0xf) as usize);
    for (place, digit) in out.iter_mut().take(LENGTH).enumerate() {
        let nibble = if matches!(place, 8 | 13 | 18 | 23) { None } else { nibbles.next() };
        *digit = nibble.map_or(b'-', |nibble| b"0123456789abcdef"[nibble]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_the_layout_of_version_seven() {
        let mut id = [0; LENGTH];
        // The example of RFC 9562, appendix A.6.
        format(0x017f_22e2_79b0, 0xcc3, 0x18c4_dc0c_0c07_398f << 2, &mut id);
        assert_eq!(str::from_utf8(&id).unwrap(), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    }
}
