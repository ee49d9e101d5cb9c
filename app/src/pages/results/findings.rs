//! The biggest differences, a sentence each.

use crate::{api::Comparison, format};
use domain::{statistics::biggest_differences, summary::CategoryTotals};
use leptos::prelude::*;

/// So many sentences.
const MOST: usize = 3;
/// Of fewer people a percentage would pretend to be more than it is.
const FEW: u64 = 100;

/// How many people gave less and how many gave more to an area than I did. Who gave about the same, to the
/// percent that the histogram tells apart, is neither; I am one of those if I count.
#[derive(Clone, Copy, Debug)]
struct Others {
    less: u64,
    more: u64,
    same: u64,
}

impl Others {
    fn of(totals: &CategoryTotals, points: u16, counted: bool) -> Self {
        let bin = usize::from(points / 100).min(totals.histogram.len() - 1);
        let people = |bins: &[i64]| bins.iter().map(|&n| u64::try_from(n).unwrap_or(0)).sum();
        Self {
            less: people(&totals.histogram[..bin]),
            more: people(&totals.histogram[bin + 1..]),
            same: people(&totals.histogram[bin..=bin]).saturating_sub(u64::from(counted)),
        }
    }

    /// `, more than 72% of the others`; nothing when that would say nothing. Percents only of a hundred people
    /// and more, and never `0%` or `100%` for some or nearly all.
    fn clause(self, more: bool) -> String {
        let beaten = if more { self.less } else { self.more };
        let all = self.less + self.more + self.same;
        let who = match (beaten, all) {
            (0, _) => return String::new(),
            (1, 1) => "the one other person".to_owned(),
            (2, 2) => "both others".to_owned(),
            (beaten, all) if beaten == all => format!("all {} others", format::count(all)),
            (beaten, all) if all < FEW => format!("{beaten} of the {all} others"),
            (beaten, all) => match (beaten * 200 + all) / (2 * all) {
                0 => "a few others".to_owned(),
                100 => "nearly all others".to_owned(),
                percent => format!("{percent}% of the others"),
            },
        };
        format!(", {} than {who}", if more { "more" } else { "less" })
    }
}

/// ` 8.5 points more than the mean, more than 72% of the others.`
fn sentence(more: bool, apart: u32, others: Others) -> String {
    let direction = if more { "more" } else { "less" };
    format!(" {} points {direction} than the mean{}.", format::points_apart(apart), others.clause(more))
}

#[component]
pub(crate) fn Findings<'a>(comparison: &'a Comparison) -> AnyView {
    let differences = match &comparison.mean {
        Some(mean) if comparison.everyone.view.submissions > 1 => biggest_differences(&comparison.mine, mean),
        _ => Vec::new(),
    };
    if differences.is_empty() {
        return ().into_any();
    }
    let categories = &comparison.budget().categories;
    let sentences: Vec<_> = differences
        .into_iter()
        .take(MOST)
        .filter_map(|difference| {
            let i = difference.category;
            let name = &categories.get(i)?.name;
            let apart = difference.points();
            let totals = comparison.everyone.total.categories().get(i)?;
            let others = Others::of(totals, *comparison.mine.get(i)?, comparison.view.counted);
            let text = sentence(apart > 0, apart.unsigned_abs(), others);
            Some(view! {
                <li class=format!("c-{i}")>
                    <span class="swatch" aria-hidden="true"></span>
                    <span>
                        <strong>{name.clone()} ":"</strong>
                        {text}
                    </span>
                </li>
            })
        })
        .collect();
    view! {
        <section class="stack stack-tight findings-block">
            <h2>"Where you differ most"</h2>
            <ol class="findings">{sentences}</ol>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::summary::BINS;

    fn others(less: u64, more: u64, same: u64) -> Others {
        Others { less, more, same }
    }

    #[test]
    fn a_difference_is_told_from_its_own_side() {
        let text = sentence(true, 850, others(1440, 500, 60));
        assert_eq!(text, " 8.5 points more than the mean, more than 72% of the others.");
        let text = sentence(false, 300, others(200, 1800, 0));
        assert_eq!(text, " 3 points less than the mean, less than 90% of the others.");
    }

    #[test]
    fn nobody_and_everybody_are_called_so_and_nearly_is_not_all() {
        let clause = |less, more, same, side| others(less, more, same).clause(side);
        assert_eq!(clause(2000, 0, 0, true), ", more than all 2,000 others");
        assert_eq!(clause(1999, 0, 1, true), ", more than nearly all others");
        assert_eq!(clause(1, 1998, 1, true), ", more than a few others");
        assert_eq!(clause(0, 1998, 2, true), "");
        assert_eq!(clause(0, 1998, 2, false), ", less than nearly all others");
    }

    #[test]
    fn few_people_are_counted_and_not_called_percents() {
        let clause = |less, more, same| others(less, more, same).clause(true);
        assert_eq!(clause(1, 0, 0), ", more than the one other person");
        assert_eq!(clause(2, 0, 0), ", more than both others");
        assert_eq!(clause(1, 1, 0), ", more than 1 of the 2 others");
        assert_eq!(clause(7, 0, 0), ", more than all 7 others");
        assert_eq!(clause(71, 20, 8), ", more than 71 of the 99 others");
        assert_eq!(clause(0, 0, 0), "");
    }

    #[test]
    fn who_looks_at_a_counted_split_is_not_one_of_the_others() {
        let mut totals = CategoryTotals { sum: 4000, sum_squares: 10_000_000, histogram: [0; BINS] };
        totals.histogram[10] = 1;
        totals.histogram[30] = 1;
        let Others { less, more, same } = Others::of(&totals, 3050, true);
        assert_eq!((less, more, same), (1, 0, 0));
        let Others { less, more, same } = Others::of(&totals, 3050, false);
        assert_eq!((less, more, same), (1, 0, 1));
    }
}
