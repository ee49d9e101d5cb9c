//! Shares are exact, and percent is read as it was written.

use domain::{WHOLE, format_points, largest_remainder, parse_percent};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn shares_sum_exactly_and_are_within_one_of_proportional(
        weights in prop::collection::vec(prop_oneof![Just(0), 0..10u64, 0..10_000u64, 0..1u64 << 40], 1..=40),
        whole in prop_oneof![Just(WHOLE), any::<u16>()],
    ) {
        let shares = largest_remainder(&weights, whole);
        prop_assert_eq!(shares.iter().map(|&s| u64::from(s)).sum::<u64>(), u64::from(whole));
        let total: u128 = weights.iter().map(|&w| u128::from(w)).sum();
        for (&weight, &share) in weights.iter().zip(&shares).filter(|_| total > 0) {
            let (exact, share) = (u128::from(weight) * u128::from(whole), u128::from(share) * total);
            prop_assert!(exact.abs_diff(share) < total);
            prop_assert!(weight > 0 || share == 0);
        }
        // Nobody with a smaller remainder was rounded up while a larger one was rounded down.
        if total > 0 {
            let parts = |i: usize| {
                let exact = u128::from(weights[i]) * u128::from(whole);
                (u128::from(shares[i]) > exact / total, exact % total)
            };
            let up = (0..weights.len()).filter(|&i| parts(i).0).map(|i| (parts(i).1, usize::MAX - i)).min();
            let down = (0..weights.len()).filter(|&i| !parts(i).0).map(|i| (parts(i).1, usize::MAX - i)).max();
            prop_assert!(up.is_none() || down.is_none() || up > down);
        }
    }

    #[test]
    fn shares_of_enormous_weights_still_sum_exactly(weights in prop::collection::vec(any::<u64>(), 1..=40)) {
        let shares = largest_remainder(&weights, WHOLE);
        prop_assert_eq!(shares.iter().map(|&s| u32::from(s)).sum::<u32>(), u32::from(WHOLE));
        let total: u128 = weights.iter().map(|&w| u128::from(w)).sum();
        for (&weight, &share) in weights.iter().zip(&shares).filter(|_| total > 0) {
            let off = (u128::from(weight) * u128::from(WHOLE)).abs_diff(u128::from(share) * total);
            prop_assert!(off <= total + total / 1_000_000);
        }
    }

    #[test]
    fn percent_is_read_as_it_was_written(points in 0..=WHOLE, comma in any::<bool>(), sign in "\\s{0,2}%?\\s{0,2}") {
        let written = format_points(points);
        let written = if comma { written.replace('.', ",") } else { written };
        prop_assert_eq!(parse_percent(&format!("{written}{sign}")), Ok(points));
        let padded = format!("{}.{:02}", points / 100, points % 100);
        prop_assert_eq!(parse_percent(&padded), Ok(points));
    }

    #[test]
    fn no_text_panics_as_percent(text in any::<String>(), number in "[-+0-9.,% ]{0,12}") {
        for text in [text, number] {
            if let Ok(points) = parse_percent(&text) {
                prop_assert!(points <= WHOLE);
                prop_assert_eq!(parse_percent(&format_points(points)), Ok(points));
            }
        }
    }
}
