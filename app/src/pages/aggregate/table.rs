//! The figures behind the charts.

use crate::format;
use domain::{Category, dto::CategoryAggregate};
use leptos::prelude::*;

#[component]
pub(crate) fn Table(statistics: Vec<CategoryAggregate>, categories: Vec<Category>) -> AnyView {
    let actual = categories.iter().all(|category| category.actual_points.is_some());
    let share = |points: Option<f64>| points.map_or_else(|| "–".to_owned(), format::percent_of);
    let rows: Vec<_> = statistics
        .into_iter()
        .zip(categories)
        .enumerate()
        .map(|(i, (statistics, category))| {
            view! {
                <tr>
                    <th scope="row" class=format!("c-{i}")>
                        <span class="swatch" aria-hidden="true"></span>
                        {category.name}
                    </th>
                    <td>{share(statistics.mean_points)}</td>
                    <td>{share(statistics.p25_points)}</td>
                    <td>{share(statistics.median_points)}</td>
                    <td>{share(statistics.p75_points)}</td>
                    {actual
                        .then(|| {
                            view! { <td>{category.actual_points.map(|points| format::percent(points.get()))}</td> }
                        })}
                </tr>
            }
        })
        .collect();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="All figures">
            <table class="table">
                <caption>"Share of the budget that people gave. A quarter gave less than the lower quartile."</caption>
                <thead>
                    <tr>
                        <th scope="col">"Area"</th>
                        <th scope="col">"Mean"</th>
                        <th scope="col">"Lower quartile"</th>
                        <th scope="col">"Median"</th>
                        <th scope="col">"Upper quartile"</th>
                        {actual.then(|| view! { <th scope="col">"Actual"</th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
