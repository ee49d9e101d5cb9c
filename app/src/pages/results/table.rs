//! The figures behind the chart.

use crate::{api::Comparison, format};
use leptos::prelude::*;

#[component]
pub(crate) fn Table<'a>(comparison: &'a Comparison) -> AnyView {
    let actual = comparison.actual.is_some();
    let share = |points: Option<u16>| points.map_or_else(|| "–".to_owned(), format::percent);
    // As the chart writes it.
    let mean = |points: Option<u16>| points.map_or_else(|| "–".to_owned(), |p| format::percent_of(p.into()));
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
                    <td>{below.map(|below| format!("{}%", (below + 50) / 100))}</td>
                    {actual.then(|| view! { <td>{share(of(&comparison.actual))}</td> })}
                </tr>
            }
        })
        .collect();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="All figures">
            <table class="table">
                <caption>"Shares of the budget. Your percentile: those who gave less, plus half of those who gave about the same."</caption>
                <thead>
                    <tr>
                        <th scope="col">"Area"</th>
                        <th scope="col">"You"</th>
                        <th scope="col">"Everyone, mean"</th>
                        <th scope="col">"Your percentile"</th>
                        {actual.then(|| view! { <th scope="col">"Actual"</th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
