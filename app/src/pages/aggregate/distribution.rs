//! How many people gave how much to one category, on request.

use crate::{
    locale::{Locale, marked},
    say,
};
use leptos::prelude::*;
use std::fmt::Write;

/// Percent per column of the chart.
const WIDTH: usize = 5;

/// The 101 bins of the histogram in columns of five percent, the last one from 95 to 100.
fn columns(histogram: &[u64]) -> Vec<u64> {
    let mut columns = vec![0; 100 / WIDTH];
    let last = columns.len() - 1;
    for (bin, people) in histogram.iter().enumerate() {
        columns[(bin / WIDTH).min(last)] += people;
    }
    columns
}

#[component]
pub(crate) fn Distribution(name: String, histogram: Vec<u64>, people: u64) -> AnyView {
    let locale = Locale::here();
    let columns = columns(&histogram);
    let highest = columns.iter().copied().max().unwrap_or(0).max(1);
    let mut path = String::new();
    for (i, column) in columns.iter().enumerate() {
        let height = column * 1000 / highest;
        let _ = write!(path, "M{}.1 1000v-{height}h0.8v{height}z", i);
    }
    let (most, column) =
        columns.iter().enumerate().fold((0, 0), |best, (i, &n)| if n > best.1 { (i, n) } else { best });
    let share = (column * 10_000 / people.max(1)) as u16;
    let sentence = say!(
        locale,
        "distribution-most",
        share = locale.percent_of(share.into()),
        name = name.as_str(),
        from = most * WIDTH,
        to = locale.whole_percent(((most + 1) * WIDTH) as u64),
    );
    let axis = [0, 25, 50, 75, 100].map(|percent| view! { <span>{locale.whole_percent(percent)}</span> });
    view! {
        <details>
            <summary class="more more-quiet">
                {marked(
                    &say!(locale, "distribution", name = name),
                    |_, words| view! { <span class="hush">{words}</span> }.into_any(),
                )}
            </summary>
            <div class="distribution">
                <svg
                    class="histogram"
                    viewBox=format!("0 0 {} 1000", columns.len())
                    preserveAspectRatio="none"
                    aria-hidden="true"
                    focusable="false"
                >
                    <path d=path />
                </svg>
                <div class="histogram-axis" aria-hidden="true">
                    {axis.into_iter().collect_view()}
                </div>
                <p class="muted">{sentence}</p>
            </div>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_hold_everyone() {
        let mut histogram = vec![0; 101];
        histogram[0] = 1;
        histogram[4] = 2;
        histogram[5] = 4;
        histogram[99] = 8;
        histogram[100] = 16;
        let columns = columns(&histogram);
        assert_eq!(columns.len(), 20);
        assert_eq!((columns[0], columns[1], columns[19]), (3, 4, 24));
        assert_eq!(columns.iter().sum::<u64>(), 31);
    }
}
