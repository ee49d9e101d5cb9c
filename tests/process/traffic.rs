//! Made-up submissions with ids of their own.

use serde_json::json;
use std::collections::HashMap;

pub(crate) const JSON: &str = "content-type: application/json\r\n";
pub(crate) const SUBMIT: &str = "/api/v1/budgets/us-fy2024/submissions";
const SLUGS: [&str; 8] = [
    "social-security",
    "medicare",
    "medicaid",
    "defense",
    "income-security-veterans",
    "net-interest",
    "foreign-aid",
    "other",
];

/// What a client sent, and whether it was told that it is stored.
pub(crate) struct Sent {
    pub(crate) id: String,
    pub(crate) body: String,
    pub(crate) answer: Option<String>,
}

/// SplitMix64: the same run every time, as far as threads allow.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

pub(crate) fn submission(random: &mut Random) -> Sent {
    let millis = now();
    let (a, b) = (random.next(), random.next());
    let id = format!(
        "{:08x}-{:04x}-7{:03x}-8{:03x}-{:012x}",
        millis >> 16,
        millis & 0xffff,
        a & 0xfff,
        a >> 12 & 0xfff,
        b >> 16
    );
    let first = random.next() % 10_001;
    let points: HashMap<_, _> = SLUGS
        .iter()
        .map(|slug| {
            (
                *slug,
                match *slug {
                    "medicare" => first,
                    "other" => 10_000 - first,
                    _ => 0,
                },
            )
        })
        .collect();
    let body = json!({ "id": id, "points": points }).to_string();
    Sent { id, body, answer: None }
}

#[expect(clippy::disallowed_methods, reason = "a client has no other clock")]
fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as u64
}
