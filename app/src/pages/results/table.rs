//! The figures behind the chart.

use crate::{api::Comparison, locale::Locale, say};
use leptos::prelude::*;

#[component]
pub(crate) fn Table<'a>(comparison: &'a Comparison) -> AnyView {
    let locale = Locale::here();
    let actual = comparison.actual.is_some();
    let share = |points: Option<u16>| points.map_or_else(|| "–".to_owned(), |points| locale.percent(points));
    // As the chart writes it.
    let mean = |points: Option<u16>| points.map_or_else(|| "–".to_owned(), |p| locale.percent_of(p.into()));
    let rows: Vec<_> = comparison
        .budget()
        .categories
        .iter()
        .enumerate()
        .map(|(i, category)| {
            let of = |points: &Option<Vec<u16>>| points.as_ref().and_then(|points| points.get(i).copied());
            let below = comparison.percentiles.get(i).copied().flatten();
            view! {
                <tr>
                    <th scope="row" class=format!("c-{i}")>
                        <span class="swatch" aria-hidden="true"></span>
                        {category.name.clone()}
                    </th>
                    <td>{share(comparison.mine.get(i).copied())}</td>
                    <td>{mean(of(&comparison.mean))}</td>
                    <td>{below.map(|below| locale.whole_percent(u64::from((below + 50) / 100)))}</td>
                    {actual.then(|| view! { <td>{share(of(&comparison.actual))}</td> })}
                </tr>
            }
        })
        .collect();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=say!(locale, "table-name")>
            <table class="table">
                <caption>{say!(locale, "results-caption")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say!(locale, "area")}</th>
                        <th scope="col">{say!(locale, "you")}</th>
                        <th scope="col">{say!(locale, "everyone-mean")}</th>
                        <th scope="col">{say!(locale, "results-percentile")}</th>
                        {actual.then(|| view! { <th scope="col">{say!(locale, "actual")}</th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
