//! The figures behind the chart.

use crate::{api::Comparison, components::Figures, locale::Locale, say};
use leptos::prelude::*;

#[component]
pub(crate) fn Table<'a>(comparison: &'a Comparison) -> AnyView {
    let locale = Locale::here();
    let share = |points: Option<u16>| points.map_or_else(|| "–".to_owned(), |points| locale.percent(points));
    // As the chart writes it.
    let mean = |points: Option<u16>| points.map_or_else(|| "–".to_owned(), |p| locale.percent_of(p.into()));
    let mut columns = vec![say!(locale, "you"), say!(locale, "everyone-mean"), say!(locale, "results-percentile")];
    columns.extend(comparison.actual.is_some().then(|| say!(locale, "actual")));
    let rows = comparison
        .budget()
        .categories
        .iter()
        .enumerate()
        .map(|(i, category)| {
            let of = |points: &Option<Vec<u16>>| points.as_ref().and_then(|points| points.get(i).copied());
            let below = comparison.percentiles.get(i).copied().flatten();
            let mut cells = vec![
                share(comparison.mine.get(i).copied()),
                mean(of(&comparison.mean)),
                below.map(|below| locale.whole_percent(u64::from((below + 50) / 100))).unwrap_or_default(),
            ];
            cells.extend(comparison.actual.is_some().then(|| share(of(&comparison.actual))));
            (category.name.clone(), cells)
        })
        .collect();
    view! { <Figures caption=say!(locale, "results-caption") columns=columns rows=rows /> }.into_any()
}
