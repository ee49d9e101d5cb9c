//! Sharing out whole points in proportion to weights.

/// Above this total the weights lose low bits, so that 64 bits are enough for the products below (128-bit
/// division is a kilobyte of WASM). What is lost is less than a millionth of a point.
const LARGEST_TOTAL: u128 = 1 << 47;

/// Shares `whole` out in proportion to `weights`: every share is the exact one rounded down or up, and they
/// sum to exactly `whole`. The points that rounding down leaves over go to the largest remainders, ties to
/// the earlier position, so that the same input always gives the same shares.
///
/// A weight of zero gets nothing, unless all are zero: then the shares are even. No weights, no shares.
///
/// Source: the Hamilton (Hare–Niemeyer) method of apportionment.
#[must_use]
pub fn largest_remainder(weights: &[u64], whole: u16) -> Vec<u16> {
    let mut total: u128 = weights.iter().map(|&w| u128::from(w)).sum();
    if total == 0 {
        return if weights.is_empty() { Vec::new() } else { largest_remainder(&vec![1; weights.len()], whole) };
    }
    let mut shift = 0;
    while total > LARGEST_TOTAL {
        total >>= 1;
        shift += 1;
    }
    let total: u64 = weights.iter().map(|w| w >> shift).sum();
    let mut left = whole;
    let mut remainders = Vec::with_capacity(weights.len());
    let mut shares: Vec<u16> = weights
        .iter()
        .map(|weight| {
            let product = (weight >> shift) * u64::from(whole);
            remainders.push(product % total);
            // At most `whole`, as a weight is at most the total.
            let share = (product / total) as u16;
            left -= share;
            share
        })
        .collect();
    // Fewer points are left than there are remainders above zero. A selection per point is less code than a
    // sort, and there are at most 40 categories.
    for _ in 0..left {
        let mut largest = 0;
        for (i, &remainder) in remainders.iter().enumerate() {
            if remainder > remainders[largest] {
                largest = i;
            }
        }
        shares[largest] += 1;
        remainders[largest] = 0;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::largest_remainder;

    #[test]
    fn leftovers_go_to_the_largest_remainder_and_ties_to_the_earlier_position() {
        assert_eq!(largest_remainder(&[1, 1, 1], 10_000), [3334, 3333, 3333]);
        assert_eq!(largest_remainder(&[1, 2, 4], 10), [1, 3, 6]);
        assert_eq!(largest_remainder(&[1; 7], 10_000), [1429, 1429, 1429, 1429, 1428, 1428, 1428]);
    }

    #[test]
    fn zero_weights_get_nothing_unless_all_are_zero() {
        assert_eq!(largest_remainder(&[0, 3, 0], 7), [0, 7, 0]);
        assert_eq!(largest_remainder(&[0, 0, 0], 5), [2, 2, 1]);
        assert!(largest_remainder(&[], 5).is_empty());
    }

    #[test]
    fn the_largest_weights_do_not_overflow() {
        assert_eq!(largest_remainder(&[u64::MAX; 40], 10_000), [250; 40]);
        assert_eq!(largest_remainder(&[u64::MAX, 0], u16::MAX), [u16::MAX, 0]);
    }
}
