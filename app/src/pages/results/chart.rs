//! Grouped bars, one block a category. The table has the same figures.

use crate::{
    api::Comparison,
    components::{Bar, BarKind, Keys},
    locale::Locale,
    say,
};
use leptos::prelude::*;

/// Where the axis ends, in points: the highest share, rounded up to a whole five percent.
fn scale(series: &[(BarKind, Vec<u16>)]) -> u16 {
    let highest = series.iter().flat_map(|(_, points)| points).copied().max().unwrap_or(0);
    (highest.div_ceil(500) * 500).clamp(500, domain::WHOLE)
}

#[component]
pub(crate) fn Chart<'a>(comparison: &'a Comparison) -> AnyView {
    let locale = Locale::here();
    let mut series = vec![(BarKind::Mine, comparison.mine.clone())];
    series.extend(comparison.mean.clone().map(|mean| (BarKind::Everyone, mean)));
    series.extend(comparison.actual.clone().map(|actual| (BarKind::Actual, actual)));
    let scale = scale(&series);
    let keys = series
        .iter()
        .map(|(kind, _)| {
            let year = comparison.budget().actual.as_ref().map(|actual| actual.year.as_str());
            let text = match (kind, year) {
                (BarKind::Actual, Some(year)) => say!(locale, "actual-spending-in", year = year),
                (BarKind::Everyone, _) => say!(locale, "everyone-mean"),
                (kind, _) => kind.name(locale),
            };
            (*kind, text)
        })
        .collect();
    let blocks: Vec<_> = comparison
        .budget()
        .categories
        .iter()
        .enumerate()
        .map(|(i, category)| {
            let lines: Vec<_> = series
                .iter()
                .map(|(kind, points)| {
                    let points = points.get(i).copied().unwrap_or_default();
                    // Mine is what I gave, to the point; a mean is no more exact than people read it.
                    let text = match kind {
                        BarKind::Everyone => locale.percent_of(points.into()),
                        _ => locale.percent(points),
                    };
                    let class = if *kind == BarKind::Mine { "bars-value bars-mine" } else { "bars-value" };
                    view! {
                        <span class=(*kind == BarKind::Mine).then_some("bars-mine")>{kind.name(locale)}</span>
                        <Bar kind=*kind points=points scale=scale />
                        <span class=class>{text}</span>
                    }
                })
                .collect();
            view! {
                <li class=format!("c-{i}")>
                    <span class="bars-name">
                        <span class="swatch" aria-hidden="true"></span>
                        {category.name.clone()}
                    </span>
                    <span class="bars-lines">{lines}</span>
                </li>
            }
        })
        .collect();
    view! {
        <div class="stack stack-tight">
            <Keys kinds=keys />
            <ol class="bars">{blocks}</ol>
        </div>
    }
    .into_any()
}
