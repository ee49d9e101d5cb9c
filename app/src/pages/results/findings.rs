//! The biggest differences, a sentence each.

use crate::{api::Comparison, locale::Locale, say};
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

    /// `8.5 points more than the mean, more than 72% of the others.` Nobody is left out, or called all, by rounding:
    /// percents only of a hundred people and more, and never `0%` or `100%` for some or nearly all.
    fn sentence(self, locale: Locale, more: bool, apart: u32) -> String {
        let beaten = if more { self.less } else { self.more };
        let all = self.less + self.more + self.same;
        let who = match (beaten, all) {
            (0, _) => None,
            (1, 1) => Some(say!(locale, "others-one")),
            (2, 2) => Some(say!(locale, "others-both")),
            (beaten, all) if beaten == all => Some(say!(locale, "others-all", all = all)),
            (beaten, all) if all < FEW => Some(say!(locale, "others-some", some = beaten, all = all)),
            (beaten, all) => Some(match (beaten * 200 + all) / (2 * all) {
                0 => say!(locale, "others-few"),
                100 => say!(locale, "others-nearly"),
                percent => say!(locale, "others-share", share = locale.whole_percent(percent)),
            }),
        };
        // In percentage points, to the tenth.
        let points = f64::from((apart + 5) / 10) / 10.0;
        match (who, more) {
            (None, true) => say!(locale, "finding-more", points = points),
            (None, false) => say!(locale, "finding-less", points = points),
            (Some(who), true) => say!(locale, "finding-more-than", points = points, others = who),
            (Some(who), false) => say!(locale, "finding-less-than", points = points, others = who),
        }
    }
}

#[component]
pub(crate) fn Findings<'a>(comparison: &'a Comparison) -> AnyView {
    let locale = Locale::here();
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
            let text = others.sentence(locale, apart > 0, apart.unsigned_abs());
            Some(view! {
                <li class=format!("c-{i}")>
                    <span class="swatch" aria-hidden="true"></span>
                    <span>
                        <strong>{name.clone()} ":"</strong>
                        " "
                        {text}
                    </span>
                </li>
            })
        })
        .collect();
    view! {
        <section class="stack stack-tight findings-block">
            <h2>{say!(locale, "findings-title")}</h2>
            <ol class="findings">{sentences}</ol>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Language;
    use domain::summary::BINS;

    fn others(less: u64, more: u64, same: u64) -> Others {
        Others { less, more, same }
    }

    const ENGLISH: Locale = Locale::explicit(Language::English);

    #[test]
    fn a_difference_is_told_from_its_own_side() {
        let text = others(1440, 500, 60).sentence(ENGLISH, true, 850);
        assert_eq!(text, "8.5 points more than the mean, more than 72% of the others.");
        let text = others(200, 1800, 0).sentence(ENGLISH, false, 300);
        assert_eq!(text, "3 points less than the mean, less than 90% of the others.");
        let text = others(1440, 500, 60).sentence(Locale::explicit(Language::Spanish), true, 850);
        assert_eq!(text, "8,5 puntos más que la media, más que el 72\u{202f}% de los demás.");
    }

    #[test]
    fn nobody_and_everybody_are_called_so_and_nearly_is_not_all() {
        let sentence = |less, more, same, side| others(less, more, same).sentence(ENGLISH, side, 100);
        assert_eq!(sentence(2000, 0, 0, true), "1 point more than the mean, more than all 2,000 others.");
        assert_eq!(sentence(1999, 0, 1, true), "1 point more than the mean, more than nearly all others.");
        assert_eq!(sentence(1, 1998, 1, true), "1 point more than the mean, more than a few others.");
        assert_eq!(sentence(0, 1998, 2, true), "1 point more than the mean.");
        assert_eq!(sentence(0, 1998, 2, false), "1 point less than the mean, less than nearly all others.");
    }

    #[test]
    fn few_people_are_counted_and_not_called_percents() {
        let sentence = |less, more, same| others(less, more, same).sentence(ENGLISH, true, 200);
        assert_eq!(sentence(1, 0, 0), "2 points more than the mean, more than the one other person.");
        assert_eq!(sentence(2, 0, 0), "2 points more than the mean, more than both others.");
        assert_eq!(sentence(1, 1, 0), "2 points more than the mean, more than 1 of the 2 others.");
        assert_eq!(sentence(7, 0, 0), "2 points more than the mean, more than all 7 others.");
        assert_eq!(sentence(71, 20, 8), "2 points more than the mean, more than 71 of the 99 others.");
        assert_eq!(sentence(0, 0, 0), "2 points more than the mean.");
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
