//! The figures behind the charts.

use crate::{locale::Locale, say};
use domain::{Category, dto::CategoryAggregate};
use leptos::prelude::*;

#[component]
pub(crate) fn Table(statistics: Vec<CategoryAggregate>, categories: Vec<Category>) -> AnyView {
    let locale = Locale::here();
    let actual = categories.iter().all(|category| category.actual_points.is_some());
    let share = |points: Option<f64>| points.map_or_else(|| "–".to_owned(), |points| locale.percent_of(points));
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
                            view! { <td>{category.actual_points.map(|points| locale.percent(points.get()))}</td> }
                        })}
                </tr>
            }
        })
        .collect();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=say!(locale, "table-name")>
            <table class="table">
                <caption>{say!(locale, "aggregate-caption")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say!(locale, "area")}</th>
                        <th scope="col">{say!(locale, "mean")}</th>
                        <th scope="col">{say!(locale, "lower-quartile")}</th>
                        <th scope="col">{say!(locale, "median")}</th>
                        <th scope="col">{say!(locale, "upper-quartile")}</th>
                        {actual.then(|| view! { <th scope="col">{say!(locale, "actual")}</th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
