//! The fixed works: the same input in every run, so the same instructions.

use crate::{
    Encoding, Snapshot,
    port::{TotalAt, Version},
    simulate::Generator,
};
use domain::{
    Allocation, Ballot, Budget, Category, Segment, SegmentValue, Timestamp,
    dto::SubmitRequest,
    statistics,
    summary::{Cell, CellKey, Delta, Entry, Summary},
};
use std::hint::black_box;

/// 2026-11-21
const NOW: Timestamp = Timestamp::from_millis(1_795_257_045_006);
/// Submissions of each work.
const PEOPLE: usize = 64;

/// Prepares and does all of them.
pub(super) fn all() {
    let (ten, forty) = (Setting::of(10), Setting::of(40));
    measured_read_ten(&ten);
    measured_read_forty(&forty);
    measured_deltas_of_one(&ten);
    measured_delta_of_many(&ten);
    let (mut thousand, mut million) = (ten.summary(4), ten.summary(14));
    measured_apply_to_a_thousand(&mut thousand, &ten);
    measured_apply_to_a_million(&mut million, &ten);
    measured_total_of_ten(&ten);
    measured_total_of_forty(&forty);
    let at = |summary: &Summary| TotalAt {
        version: Version(NOW.as_micros()),
        total: summary.cell(CellKey::Total).unwrap().clone(),
    };
    let (small, big) = (at(&thousand), at(&million));
    assert!(small.total.people() < 2000 && big.total.people() > 1_000_000);
    measured_percentiles_of_a_thousand(&small.total);
    measured_percentiles_of_a_million(&big.total);
    measured_snapshot_of_a_thousand(&ten.budget, small);
    let snapshot = measured_snapshot_of_a_million(&ten.budget, big);
    measured_compression(&snapshot);
    measured_moves_of_ten(&mut ballot(10));
    measured_moves_of_forty(&mut ballot(40));
}

/// A budget with the people of one batch.
struct Setting {
    budget: Budget,
    bodies: Vec<Vec<u8>>,
    entries: Vec<Entry>,
}

impl Setting {
    fn of(categories: usize) -> Self {
        let budget = budget(categories);
        let people = Generator::new(&budget, PEOPLE as u64, 7, NOW).next_batch(PEOPLE);
        let slugs: Vec<&str> = budget.categories.iter().map(|category| category.slug.as_str()).collect();
        let bodies = people.iter().map(|person| {
            let points = slugs.iter().zip(&person.points).map(|(slug, points)| ((*slug).into(), i64::from(*points)));
            let request = SubmitRequest { id: Some(person.id.to_string()), points: points.collect(), segments: None };
            serde_json::to_vec(&request).unwrap()
        });
        let bodies = bodies.collect();
        let entries = people.iter().map(|person| Entry {
            day: NOW.day(),
            segments: person.segments.clone(),
            points: person.points.clone(),
        });
        Self { bodies, entries: entries.collect(), budget }
    }

    /// The people, doubled so often.
    fn summary(&self, doublings: u32) -> Summary {
        let mut summary = Summary::default();
        summary.apply(&Delta { plus: self.entries.clone(), minus: Vec::new() });
        for _ in 0..doublings {
            let same = summary.clone();
            summary.merge(&same, 1);
        }
        summary
    }
}

fn budget(categories: usize) -> Budget {
    let category = |n| Category {
        slug: format!("category-{n}"),
        name: format!("Category {n}"),
        description: String::new(),
        color: "#0a7bcd".into(),
        actual_points: None,
    };
    let value = |n: usize| SegmentValue { slug: format!("value-{n}"), name: String::new() };
    Budget {
        slug: "work".into(),
        title: String::new(),
        currency: "EUR".into(),
        categories: (0..categories).map(category).collect(),
        actual: None,
        segments: vec![Segment { slug: "age".into(), name: String::new(), values: (0..4).map(value).collect() }],
        translations: Default::default(),
    }
}

fn ballot(categories: usize) -> Ballot {
    let mut ballot = Ballot::new(categories);
    ballot.even_split();
    ballot.set_auto_balance(true);
    ballot
}

/// What a request goes through before it is queued.
fn read(setting: &Setting) {
    for body in &setting.bodies {
        let request: SubmitRequest = serde_json::from_slice(body).unwrap();
        black_box(request.id.as_deref().map(str::parse::<domain::SubmissionId>).transpose().unwrap());
        black_box(Allocation::from_map(&setting.budget, &request.points).unwrap());
    }
}

#[inline(never)]
fn measured_read_ten(setting: &Setting) {
    read(setting);
}

#[inline(never)]
fn measured_read_forty(setting: &Setting) {
    read(setting);
}

#[inline(never)]
fn measured_deltas_of_one(setting: &Setting) {
    for entry in &setting.entries {
        let bytes = Entry::encode_all(std::slice::from_ref(entry).iter());
        black_box(Entry::decode_all(&bytes).unwrap());
    }
}

#[inline(never)]
fn measured_delta_of_many(setting: &Setting) {
    let bytes = Entry::encode_all(setting.entries.iter());
    black_box(Entry::decode_all(&bytes).unwrap());
}

fn apply(summary: &mut Summary, setting: &Setting) {
    for entry in &setting.entries {
        summary.count(entry, 1);
    }
}

#[inline(never)]
fn measured_apply_to_a_thousand(summary: &mut Summary, setting: &Setting) {
    apply(summary, setting);
}

#[inline(never)]
fn measured_apply_to_a_million(summary: &mut Summary, setting: &Setting) {
    apply(summary, setting);
}

/// What a fold and a reader do: count, store, read and add.
fn total(setting: &Setting) {
    let mut total = Cell::empty(setting.budget.categories.len());
    for entry in &setting.entries {
        total.count(&entry.points, 1);
    }
    let stored = Cell::decode(&total.encode()).unwrap();
    total.merge(&stored, 1);
    black_box(total);
}

#[inline(never)]
fn measured_total_of_ten(setting: &Setting) {
    total(setting);
}

#[inline(never)]
fn measured_total_of_forty(setting: &Setting) {
    total(setting);
}

fn percentiles(cell: &Cell) {
    for totals in cell.categories() {
        black_box(statistics::quartiles(totals));
        for points in (0..=10_000).step_by(500) {
            black_box(statistics::percentile(totals, points));
        }
    }
}

#[inline(never)]
fn measured_percentiles_of_a_thousand(cell: &Cell) {
    percentiles(cell);
}

#[inline(never)]
fn measured_percentiles_of_a_million(cell: &Cell) {
    percentiles(cell);
}

#[inline(never)]
fn measured_snapshot_of_a_thousand(budget: &Budget, at: TotalAt) -> Snapshot {
    Snapshot::new(budget, at)
}

#[inline(never)]
fn measured_snapshot_of_a_million(budget: &Budget, at: TotalAt) -> Snapshot {
    Snapshot::new(budget, at)
}

#[inline(never)]
fn measured_compression(snapshot: &Snapshot) {
    for encoding in [Encoding::Identity, Encoding::Gzip, Encoding::Brotli] {
        black_box(snapshot.body(encoding));
    }
}

/// Drags one slider after the other up and down.
fn moves(ballot: &mut Ballot) {
    for n in 0..100_u16 {
        let slider = usize::from(n / 10) % ballot.points().len();
        black_box(ballot.set(slider, n % 10 * 900));
    }
    assert!(ballot.is_complete());
}

#[inline(never)]
fn measured_moves_of_ten(ballot: &mut Ballot) {
    moves(ballot);
}

#[inline(never)]
fn measured_moves_of_forty(ballot: &mut Ballot) {
    moves(ballot);
}
