//! Where a part of the bar of the whole is. Server and island write it alike.

/// The corners of the part from `start` on, both in points, for a bar 100 high; nothing where there is no part.
///
/// Of a polygon, because a browser takes its corners as they are: `x` and `width` of a rectangle are styles too, and on a
/// slow phone computing those anew for each part at every move of a slider can be felt.
pub(crate) fn corners(start: u16, width: u16) -> String {
    if width == 0 {
        return String::new();
    }
    let [start, end] = [start, start.saturating_add(width)].map(|points| points.to_string());
    [&start, ",0 ", &end, ",0 ", &end, ",100 ", &start, ",100"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_four_corners_and_nothing_has_none() {
        assert_eq!(corners(2500, 7500), "2500,0 10000,0 10000,100 2500,100");
        assert_eq!(corners(2500, 0), "");
    }
}
