//! Submissions that differ from each other, from a pool of prebuilt requests.

use super::{
    Requests,
    identifier::{Identifiers, LENGTH},
};
use crate::{clock, load::Target};
use anyhow::{Result, ensure};
use memchr::memmem;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// Different allocations.
const POOL: usize = 2048;
const PLACE: [u8; LENGTH] = [b'#'; LENGTH];

/// Who makes the ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ids {
    /// The generator, as the page does.
    Client,
    Server,
}

/// Random whole allocations to one budget, each under a new id.
#[derive(Debug)]
pub(crate) struct Submissions {
    pool: Vec<Prebuilt>,
    next: usize,
    ids: Identifiers,
}

#[derive(Debug)]
struct Prebuilt {
    bytes: Vec<u8>,
    /// Where the id goes.
    id_at: Option<usize>,
}

impl Submissions {
    /// # Errors
    /// A budget without categories.
    pub(crate) fn new(target: Target, budget: &str, categories: &[String], ids: Ids) -> Result<Self> {
        ensure!(!categories.is_empty(), "the budget has no categories");
        // Other people in every run: ids must be new to the server.
        let mut random = Pcg64Mcg::seed_from_u64(clock::since_epoch().as_nanos() as u64);
        let pool = (0..POOL)
            .map(|_| prebuilt(target, budget, &body(categories, &allocation(categories.len(), &mut random), ids)))
            .collect();
        Ok(Self { pool, next: 0, ids: Identifiers::new(random) })
    }
}

impl Requests for Submissions {
    fn write_next(&mut self, out: &mut Vec<u8>) {
        let start = out.len();
        let Prebuilt { bytes, id_at } = &self.pool[self.next];
        self.next = (self.next + 1) % POOL;
        out.extend_from_slice(bytes);
        if let Some(at) = id_at {
            self.ids.write(&mut out[start + at..]);
        }
    }
}

/// Whole percents that sum to 100, in points.
fn allocation(categories: usize, random: &mut Pcg64Mcg) -> Vec<u32> {
    let mut cuts: Vec<u32> = (1..categories).map(|_| random.random_range(0..=100)).collect();
    cuts.extend([0, 100]);
    cuts.sort_unstable();
    cuts.windows(2).map(|cut| (cut[1] - cut[0]) * 100).collect()
}

fn body(categories: &[String], points: &[u32], ids: Ids) -> String {
    let id = match ids {
        Ids::Client => format!("\"id\":\"{}\",", String::from_utf8_lossy(&PLACE)),
        Ids::Server => String::new(),
    };
    let points: Vec<_> = categories.iter().zip(points).map(|(slug, points)| format!("\"{slug}\":{points}")).collect();
    format!("{{{id}\"points\":{{{}}}}}", points.join(","))
}

fn prebuilt(target: Target, budget: &str, body: &str) -> Prebuilt {
    let bytes = format!(
        "POST /api/v1/budgets/{budget}/submissions HTTP/1.1\r\nhost: {}\r\naccept: application/json\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        target.address(),
        body.len()
    )
    .into_bytes();
    let id_at = memmem::find(&bytes, &PLACE);
    Prebuilt { bytes, id_at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, HashSet};

    #[derive(serde::Deserialize)]
    struct Body {
        id: Option<String>,
        points: BTreeMap<String, u32>,
    }

    fn bodies(ids: Ids) -> Vec<Body> {
        let categories: Vec<_> = ["a", "b", "c"].map(str::to_owned).into();
        let target = Target::parse("127.0.0.1:1").unwrap();
        let mut source = Submissions::new(target, "x", &categories, ids).unwrap();
        (0..2 * POOL)
            .map(|_| {
                let mut request = Vec::new();
                source.write_next(&mut request);
                let text = String::from_utf8(request).unwrap();
                let (head, body) = text.split_once("\r\n\r\n").unwrap();
                assert!(head.ends_with(&format!("content-length: {}", body.len())));
                serde_json::from_str(body).unwrap()
            })
            .collect()
    }

    #[test]
    fn every_submission_is_whole_and_has_an_id_of_its_own() {
        let bodies = bodies(Ids::Client);
        assert!(bodies.iter().all(|body| body.points.values().sum::<u32>() == 10_000 && body.points.len() == 3));
        let ids: HashSet<_> = bodies.iter().map(|body| body.id.clone().unwrap()).collect();
        assert_eq!(ids.len(), bodies.len());
    }

    #[test]
    fn the_server_can_be_left_to_make_the_ids() {
        assert!(bodies(Ids::Server).iter().all(|body| body.id.is_none()));
    }
}
