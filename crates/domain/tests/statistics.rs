//! Statistics from the totals against plain computations on the people themselves.

use domain::statistics::{
    agreement, biggest_differences, category_aggregates, mean_allocation, percentile, standard_deviation_hundredths,
};
use domain::summary::Cell;
use domain::{WHOLE, largest_remainder};
use proptest::prelude::*;

const CATEGORIES: usize = 4;
const SLUGS: [&str; CATEGORIES] = ["a", "b", "c", "d"];

fn allocation() -> impl Strategy<Value = Vec<u16>> {
    let weight = prop_oneof![3 => 0..1000u64, 1 => Just(0), 1 => 1..5u64];
    let free = prop::collection::vec(weight, CATEGORIES).prop_map(|weights| largest_remainder(&weights, WHOLE));
    // People like round numbers and extremes, which fall on the edges of bins.
    let round = prop::collection::vec(0..11u64, CATEGORIES).prop_map(|tens| {
        let mut points = [0; CATEGORIES];
        let mut left = 10;
        for (p, tens) in points.iter_mut().zip(tens) {
            *p = tens.min(left) as u16 * 1000;
            left -= tens.min(left);
        }
        points[0] += left as u16 * 1000;
        points.to_vec()
    });
    prop_oneof![2 => free, 1 => round]
}

fn people() -> impl Strategy<Value = Vec<Vec<u16>>> {
    prop_oneof![prop::collection::vec(allocation(), 1..12), prop::collection::vec(allocation(), 1..200)]
}

fn cell(people: &[Vec<u16>]) -> Cell {
    let mut cell = Cell::empty(CATEGORIES);
    people.iter().for_each(|points| cell.count(points, 1));
    cell
}

fn column(people: &[Vec<u16>], category: usize) -> Vec<u16> {
    let mut column: Vec<u16> = people.iter().map(|points| points[category]).collect();
    column.sort_unstable();
    column
}

/// As `numpy.quantile` does by default.
fn quantile(sorted: &[u16], q: f64) -> f64 {
    let rank = (sorted.len() - 1) as f64 * q;
    let (below, above) = (f64::from(sorted[rank.floor() as usize]), f64::from(sorted[rank.ceil() as usize]));
    below + (above - below) * rank.fract()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn sums_and_means_are_exact(people in people()) {
        let n = people.len() as u64;
        for (i, category) in category_aggregates(Some(&cell(&people)), SLUGS).into_iter().enumerate() {
            let sum: u64 = people.iter().map(|points| u64::from(points[i])).sum();
            prop_assert_eq!(category.sum_points, sum);
            let mean = category.mean_points.unwrap();
            let hundredths = (mean * 100.0).round() as u64;
            prop_assert_eq!(mean, format!("{}.{:02}", hundredths / 100, hundredths % 100).parse::<f64>().unwrap());
            // hundredths - 1/2 <= 100 sum / n < hundredths + 1/2
            let (twice, middle) = (200 * sum, 2 * n * hundredths);
            prop_assert!(middle <= twice + n && twice < middle + n, "{} of {} by {}", mean, sum, n);
        }
    }

    #[test]
    fn quartiles_are_within_half_a_percentage_point(people in people()) {
        for (i, category) in category_aggregates(Some(&cell(&people)), SLUGS).into_iter().enumerate() {
            let column = column(&people, i);
            for (q, found) in [(0.25, category.p25_points), (0.5, category.median_points), (0.75, category.p75_points)] {
                let exact = quantile(&column, q);
                let found = found.unwrap();
                prop_assert!((found - exact).abs() <= 50.0, "{q}: {found} for {exact}");
            }
        }
    }

    #[test]
    fn the_percentile_is_the_people_below_plus_half_of_the_equal(people in people(), mine in 0..=WHOLE) {
        let cell = cell(&people);
        for i in 0..CATEGORIES {
            let bin = |points: u16| points / 100;
            let below = people.iter().filter(|points| bin(points[i]) < bin(mine)).count() as f64;
            let equal = people.iter().filter(|points| bin(points[i]) == bin(mine)).count() as f64;
            let plain = 100.0 * (below + equal / 2.0) / people.len() as f64;
            let found = f64::from(percentile(&cell.categories()[i], mine).unwrap()) / 100.0;
            prop_assert!((found - plain).abs() <= 0.005 + 1e-9, "{found} for {plain}");
        }
    }

    #[test]
    fn the_standard_deviation_is_the_plain_one(people in people()) {
        let cell = cell(&people);
        for i in 0..CATEGORIES {
            let n = people.len() as f64;
            let mean = people.iter().map(|points| f64::from(points[i])).sum::<f64>() / n;
            let plain = (people.iter().map(|points| (f64::from(points[i]) - mean).powi(2)).sum::<f64>() / n).sqrt();
            let found = standard_deviation_hundredths(&cell.categories()[i], cell.people()).unwrap() as f64 / 100.0;
            prop_assert!((found - plain).abs() <= 0.005 + 1e-6, "{found} for {plain}");
        }
    }

    #[test]
    fn everyone_together_is_whole_and_within_a_point_of_each_mean(people in people()) {
        let together = mean_allocation(&cell(&people)).unwrap();
        prop_assert_eq!(together.iter().map(|&p| u32::from(p)).sum::<u32>(), 10_000);
        for (i, &points) in together.iter().enumerate() {
            let mean = people.iter().map(|p| f64::from(p[i])).sum::<f64>() / people.len() as f64;
            prop_assert!((f64::from(points) - mean).abs() < 1.0);
        }
    }

    #[test]
    fn agreement_is_100_minus_half_the_absolute_differences(a in allocation(), b in allocation()) {
        let differences: f64 = a.iter().zip(&b).map(|(&a, &b)| (f64::from(a) / 100.0 - f64::from(b) / 100.0).abs()).sum();
        let found = f64::from(agreement(&a, &b)) / 100.0;
        prop_assert!((found - (100.0 - differences / 2.0)).abs() < 1e-9);
        prop_assert_eq!(agreement(&a, &b), agreement(&b, &a));
        prop_assert_eq!(agreement(&a, &a), WHOLE);
    }

    #[test]
    fn differences_are_ordered_and_complete(mine in allocation(), others in allocation()) {
        let found = biggest_differences(&mine, &others);
        prop_assert_eq!(found.len(), (0..CATEGORIES).filter(|&i| mine[i] != others[i]).count());
        for d in &found {
            prop_assert_eq!((d.mine, d.others), (mine[d.category], others[d.category]));
        }
        for pair in found.windows(2) {
            let (first, second) = (pair[0].points().abs(), pair[1].points().abs());
            prop_assert!(first > second || first == second && pair[0].category < pair[1].category);
        }
    }
}
