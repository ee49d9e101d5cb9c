//! The stored forms come back as they were, and damage never ends the process.

use domain::summary::{Cell, CellKey, Entry, Summary};
use domain::{Allocation, Budget, Category, Day, SubmissionId, WHOLE, largest_remainder, statistics};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn allocation(categories: usize) -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(prop_oneof![3 => 0..1000u64, 1 => Just(0)], categories)
        .prop_map(|weights| largest_remainder(&weights, WHOLE))
}

fn entry() -> impl Strategy<Value = Entry> {
    (any::<i32>(), prop::collection::vec(any::<u8>(), 0..5), allocation(4)).prop_map(|(day, segments, points)| Entry {
        day: Day(day),
        segments: segments.into(),
        points: points.into(),
    })
}

/// Sums of some submissions minus others, doubled until the numbers are large.
fn summary() -> impl Strategy<Value = Summary> {
    (prop::collection::vec((entry(), any::<bool>()), 0..12), 0..40u32).prop_map(|(entries, doublings)| {
        let mut summary = Summary::default();
        for (entry, plus) in &entries {
            summary.count(entry, if *plus { 1 } else { -1 });
        }
        for _ in 0..doublings {
            summary.merge(&summary.clone(), 1);
        }
        summary
    })
}

fn damaged(mut bytes: Vec<u8>, flips: &[(usize, u8)], cut: usize) -> Vec<u8> {
    for &(at, with) in flips {
        if let Some(byte) = bytes.len().checked_sub(1).and_then(|last| bytes.get_mut(at % (last + 1))) {
            *byte ^= with;
        }
    }
    bytes.truncate(bytes.len().saturating_sub(cut));
    bytes
}

fn budget(categories: usize) -> Budget {
    let category = |i: usize| Category {
        slug: format!("c{i}"),
        name: String::new(),
        description: String::new(),
        color: String::new(),
        actual_points: None,
    };
    Budget {
        slug: "b".into(),
        title: String::new(),
        currency: "EUR".into(),
        categories: (0..categories).map(category).collect(),
        actual: None,
        segments: Vec::new(),
        translations: Default::default(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn summaries_and_their_cells_come_back(summary in summary()) {
        prop_assert_eq!(&Summary::decode(&summary.encode()).unwrap(), &summary);
        for (key, cell) in summary.cells() {
            prop_assert_eq!(&Cell::decode(&cell.encode()).unwrap(), cell);
            let (kind, number) = key.to_parts();
            prop_assert_eq!(CellKey::from_parts(kind, number), Ok(key));
        }
    }

    #[test]
    fn entries_come_back(entries in prop::collection::vec(entry(), 0..12)) {
        prop_assert_eq!(Entry::decode_all(&Entry::encode_all(entries.iter())).unwrap(), entries);
    }

    #[test]
    fn counting_and_uncounting_cancel_in_any_order(
        entries in prop::collection::vec(entry(), 0..12),
        base in summary(),
    ) {
        let mut summary = base.clone();
        entries.iter().for_each(|entry| summary.count(entry, 1));
        let difference = summary.difference(&base);
        entries.iter().rev().for_each(|entry| summary.count(entry, -1));
        prop_assert_eq!(&summary, &base);
        summary.merge(&difference, 1);
        prop_assert_eq!(summary.difference(&difference), base);
    }

    #[test]
    fn damaged_bytes_never_panic_and_what_is_read_can_be_used(
        summary in summary(),
        entries in prop::collection::vec(entry(), 0..6),
        flips in prop::collection::vec((any::<usize>(), any::<u8>()), 1..6),
        cut in prop_oneof![Just(0usize), 0..20usize],
        noise in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        for bytes in [damaged(summary.encode(), &flips, cut), noise.clone()] {
            if let Ok(read) = Summary::decode(&bytes) {
                let mut sum = read.clone();
                sum.merge(&read, 1);
                sum.merge(&read, -1);
                entries.iter().for_each(|entry| sum.count(entry, 1));
                prop_assert_eq!(&Summary::decode(&read.encode()).unwrap(), &read);
                for (_, cell) in read.cells() {
                    _ = statistics::category_aggregates(Some(cell), ["a", "b", "c", "d", "e"]);
                    _ = statistics::mean_allocation(cell);
                    for totals in cell.categories() {
                        _ = statistics::percentile(totals, 1234);
                        _ = statistics::standard_deviation_hundredths(totals, cell.people());
                    }
                }
            }
        }
        for bytes in [damaged(Entry::encode_all(entries.iter()), &flips, cut), noise.clone()] {
            if let Ok(read) = Entry::decode_all(&bytes) {
                let mut summary = Summary::default();
                read.iter().for_each(|entry| summary.count(entry, 1));
            }
        }
        _ = Cell::decode(&noise);
    }

    #[test]
    fn cell_keys_of_any_number_never_panic(kind in -1..4i16, number in any::<i32>()) {
        if let Ok(key) = CellKey::from_parts(kind, number) {
            prop_assert_eq!(key.to_parts(), (kind, number));
        }
    }

    #[test]
    fn allocations_come_back_from_bytes_and_from_maps(points in (2..=40usize).prop_flat_map(allocation)) {
        let allocation = Allocation::from_points(&points, points.len()).unwrap();
        prop_assert_eq!(Allocation::from_bytes(&allocation.to_bytes()), Some(allocation.clone()));
        let budget = budget(points.len());
        let map = allocation.to_map(&budget).into_iter().map(|(slug, p)| (slug, i64::from(p))).collect();
        prop_assert_eq!(Allocation::from_map(&budget, &map), Ok(allocation));
    }

    #[test]
    fn bytes_are_an_allocation_only_if_they_sum_to_the_whole(bytes in prop::collection::vec(any::<u8>(), 0..82)) {
        if let Some(allocation) = Allocation::from_bytes(&bytes) {
            prop_assert_eq!(allocation.points().iter().map(|&p| u32::from(p)).sum::<u32>(), 10_000);
            prop_assert_eq!(allocation.to_bytes(), bytes);
        }
    }

    #[test]
    fn a_map_is_an_allocation_only_if_it_is_whole_and_of_the_budget(
        weights in prop::collection::vec(0..100u64, 3),
        changes in prop::collection::vec((0..5usize, prop_oneof![-3..3i64, any::<i64>()]), 0..3),
        removed in prop::option::weighted(0.1, 0..3usize),
    ) {
        let budget = budget(3);
        let points = largest_remainder(&weights, WHOLE);
        let mut map: BTreeMap<_, _> =
            points.iter().enumerate().map(|(i, &p)| (format!("c{i}"), i64::from(p))).collect();
        for (i, by) in changes {
            let value = map.entry(format!("c{i}")).or_insert(0);
            *value = value.saturating_add(by);
        }
        if let Some(i) = removed {
            map.remove(&format!("c{i}"));
        }
        let valid = map.keys().eq(["c0", "c1", "c2"])
            && map.values().all(|p| (0..=10_000).contains(p))
            && map.values().sum::<i64>() == 10_000;
        prop_assert_eq!(Allocation::from_map(&budget, &map).is_ok(), valid, "{:?}", map);
    }

    #[test]
    fn no_text_panics_as_a_submission_id(
        noise in any::<String>(),
        random in any::<[u8; 10]>(),
        replaced in prop::collection::vec((0..36usize, prop_oneof![any::<char>(), Just('-'), Just('F')]), 0..3),
        length in 30..40usize,
    ) {
        let id = SubmissionId::from_parts(domain::Timestamp::from_millis(1_795_257_045_006), random).to_string();
        let mut chars: Vec<char> = id.chars().collect();
        for (at, with) in replaced {
            chars[at] = with;
        }
        let replaced: String = chars.iter().collect();
        let resized: String = chars.iter().copied().chain(['a'; 4]).take(length).collect();
        for text in [noise, replaced, resized] {
            if let Ok(read) = text.parse::<SubmissionId>() {
                prop_assert_eq!(read.to_string(), text.to_lowercase());
            }
        }
    }

    #[test]
    fn submission_ids_come_back_from_their_text(millis in 0..1i64 << 48, random in any::<[u8; 10]>()) {
        let id = SubmissionId::from_parts(domain::Timestamp::from_millis(millis), random);
        prop_assert_eq!(id.to_string().parse(), Ok(id));
        prop_assert_eq!(id.time().as_millis(), millis);
        prop_assert_eq!(SubmissionId::from_bytes(*id.as_bytes()), Ok(id));
    }
}
