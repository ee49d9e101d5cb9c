//! How many people gave how much to one category, on request.

use crate::{
    components::PlainFigures,
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

/// So many of the people, in hundredths of a percent.
fn share(some: u64, people: u64) -> u16 {
    (some * 10_000 / people.max(1)) as u16
}

/// What is drawn, in words: each range that somebody gave, with its people and their share.
fn rows(locale: Locale, columns: &[u64], people: u64) -> Vec<(String, Vec<String>)> {
    let given = columns.iter().enumerate().filter(|(_, some)| **some > 0);
    given
        .map(|(i, &some)| {
            let to = locale.whole_percent(((i + 1) * WIDTH) as u64);
            let range = say!(locale, "distribution-range", from = i * WIDTH, to = to);
            (range, vec![locale.count(some), locale.percent_of(share(some, people).into())])
        })
        .collect()
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
    let sentence = say!(
        locale,
        "distribution-most",
        share = locale.percent_of(share(column, people).into()),
        name = name.as_str(),
        from = most * WIDTH,
        to = locale.whole_percent(((most + 1) * WIDTH) as u64),
    );
    let headings = vec![
        say!(locale, "distribution-ranges"),
        say!(locale, "distribution-people"),
        say!(locale, "distribution-share"),
    ];
    let caption = say!(locale, "distribution-caption", name = name.as_str());
    let label = say!(locale, "distribution-name", name = name.as_str());
    let rows = rows(locale, &columns, people);
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
                <PlainFigures name=label caption=caption columns=headings rows=rows />
            </div>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Language;

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

    #[test]
    fn the_table_has_what_is_drawn() {
        let mut columns = vec![0; 20];
        (columns[0], columns[1], columns[19]) = (1500, 4, 496);
        let row =
            |range: &str, people: &str, share: &str| (range.to_owned(), vec![people.to_owned(), share.to_owned()]);
        assert_eq!(
            rows(Locale::explicit(Language::English), &columns, 2000),
            [row("0 to 5%", "1,500", "75%"), row("5 to 10%", "4", "0.2%"), row("95 to 100%", "496", "24.8%")]
        );
        assert_eq!(rows(Locale::explicit(Language::Spanish), &columns, 2000)[1].0, "5 a 10\u{202f}%");
    }
}
