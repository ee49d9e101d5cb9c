//! Plausible submissions for demonstrations and measurements: the same seed gives the same people.
//!
//! Shares are drawn around a profile (the actual spending, or an even split) with one gamma-like weight per
//! category, rounded as people do (most to whole percents, some to halves, few exactly), over the last
//! 365 days, a share of them by participants who come back.

use crate::port::{BulkSubmission, Participant};
use domain::{Budget, SubmissionId, Timestamp, WHOLE, apportion::largest_remainder};
use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

const DAYS: i64 = 365;

/// Makes submissions in the order of their time.
#[derive(Debug)]
pub struct Generator {
    random: Pcg64Mcg,
    profile: Vec<u64>,
    segments: Vec<u8>,
    from: Timestamp,
    step_micros: f64,
    made: u64,
    total: u64,
    /// Participants drawn so far; returning ones are picked from them.
    participants: u64,
    seed: u64,
}

impl Generator {
    /// `total` submissions to `budget` over the 365 days before `now`.
    #[must_use]
    pub fn new(budget: &Budget, total: u64, seed: u64, now: Timestamp) -> Self {
        let categories = budget.categories.len();
        let profile = match budget.actual_points() {
            Some(actual) => actual.iter().map(|&p| u64::from(p.max(100))).collect(),
            None => vec![u64::from(WHOLE) / categories as u64; categories],
        };
        Self {
            random: Pcg64Mcg::seed_from_u64(seed),
            profile,
            segments: budget.segments.iter().map(|s| u8::try_from(s.values.len()).unwrap_or(u8::MAX)).collect(),
            from: now.plus_days(-DAYS),
            step_micros: DAYS as f64 * 86_400e6 / total.max(1) as f64,
            made: 0,
            total,
            participants: 0,
            seed,
        }
    }

    /// The next submissions, at most `n`; empty at the end.
    pub fn next_batch(&mut self, n: usize) -> Vec<BulkSubmission> {
        let left = usize::try_from(self.total - self.made).unwrap_or(usize::MAX);
        (0..n.min(left)).map(|_| self.submission()).collect()
    }

    fn submission(&mut self) -> BulkSubmission {
        let at = self.from.as_micros() + (self.made as f64 * self.step_micros) as i64;
        self.made += 1;
        let id = SubmissionId::from_parts(Timestamp::from_micros(at), self.random.random());
        let participant = self.participant();
        BulkSubmission { id, participant, points: self.points(), segments: self.answers() }
    }

    /// Half decline the cookie; of the others every fifth has been here before.
    fn participant(&mut self) -> Option<Participant> {
        let dice = self.random.next_u32() % 10;
        match dice {
            0..=4 => None,
            5 if self.participants > 0 => {
                let known = self.random.next_u64() % self.participants;
                Some(self.participant_number(known))
            }
            _ => {
                self.participants += 1;
                Some(self.participant_number(self.participants - 1))
            }
        }
    }

    /// SplitMix64 (Steele, Lea, Flood 2014): a bijection, so that numbers never collide within a seed.
    fn participant_number(&self, n: u64) -> Participant {
        let mut z = n.wrapping_add(self.seed.rotate_left(32)).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Participant(z ^ (z >> 31))
    }

    fn points(&mut self) -> Box<[u16]> {
        // The product of two uniform numbers: right-skewed, with many small shares and few large ones.
        let bits = self.random.next_u64();
        let unit = match bits % 8 {
            0..=4 => 100,
            5..=6 => 50,
            _ => 1,
        };
        let mut weights = [0u64; domain::budget::MAX_CATEGORIES];
        let weights = &mut weights[..self.profile.len()];
        for (weight, profile) in weights.iter_mut().zip(&self.profile) {
            let bits = self.random.next_u64();
            let (a, b) = (bits & 0xffff, bits >> 16 & 0xffff);
            // Every sixteenth gives a category nothing.
            *weight = if bits >> 60 == 0 { 0 } else { (profile * (a + 4096) * (b + 4096)) >> 24 };
        }
        if weights.iter().all(|w| *w == 0) {
            weights[0] = 1;
        }
        let mut points = largest_remainder(weights, WHOLE / unit);
        for p in &mut points {
            *p *= unit;
        }
        points.into()
    }

    fn answers(&mut self) -> Box<[u8]> {
        let random = &mut self.random;
        let answers: Vec<u8> = self.segments.iter().map(|&n| (random.next_u32() % (u32::from(n) + 1)) as u8).collect();
        if answers.iter().all(|a| *a == 0) { Box::default() } else { answers.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Category;

    fn budget(categories: usize) -> Budget {
        let category = |i| Category {
            slug: format!("c{i}"),
            name: String::new(),
            description: String::new(),
            color: "#000000".into(),
            actual_points: None,
        };
        Budget {
            slug: "b".into(),
            title: String::new(),
            currency: "USD".into(),
            categories: (0..categories).map(category).collect(),
            actual: None,
            segments: Vec::new(),
            translations: Default::default(),
        }
    }

    #[test]
    fn the_same_seed_makes_the_same_people_and_every_allocation_is_whole() {
        let now = Timestamp::from_millis(1_795_257_045_006);
        for categories in [2, 10, 40] {
            let mut one = Generator::new(&budget(categories), 1000, 7, now);
            let mut two = Generator::new(&budget(categories), 1000, 7, now);
            let people = one.next_batch(2000);
            assert_eq!(people, two.next_batch(2000));
            assert_eq!(people.len(), 1000);
            assert!(people.iter().all(|p| p.points.iter().map(|&p| u32::from(p)).sum::<u32>() == u32::from(WHOLE)));
            assert!(people.iter().all(|p| p.id.time() <= now && p.id.time() >= now.plus_days(-DAYS)));
            assert!(one.next_batch(1).is_empty());
        }
    }

    #[test]
    fn some_participants_come_back() {
        let mut generator = Generator::new(&budget(10), 10_000, 1, Timestamp::from_millis(1_795_257_045_006));
        let people = generator.next_batch(10_000);
        let known: Vec<_> = people.iter().filter_map(|p| p.participant).collect();
        let distinct: std::collections::HashSet<_> = known.iter().collect();
        assert!(distinct.len() < known.len() * 95 / 100);
        assert!(distinct.len() > known.len() / 2);
    }
}
