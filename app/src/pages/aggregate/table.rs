//! The figures behind the charts.

use crate::{components::Figures, locale::Locale, say};
use domain::{Category, dto::CategoryAggregate};
use leptos::prelude::*;

#[component]
pub(crate) fn Table(statistics: Vec<CategoryAggregate>, categories: Vec<Category>) -> AnyView {
    let locale = Locale::here();
    let actual = categories.iter().all(|category| category.actual_points.is_some());
    let share = |points: Option<f64>| points.map_or_else(|| "–".to_owned(), |points| locale.percent_of(points));
    let mut columns = vec![
        say!(locale, "mean"),
        say!(locale, "lower-quartile"),
        say!(locale, "median"),
        say!(locale, "upper-quartile"),
    ];
    columns.extend(actual.then(|| say!(locale, "actual")));
    let rows = statistics
        .into_iter()
        .zip(categories)
        .map(|(of, category)| {
            let mut cells: Vec<_> =
                [of.mean_points, of.p25_points, of.median_points, of.p75_points].into_iter().map(share).collect();
            cells.extend(category.actual_points.filter(|_| actual).map(|points| locale.percent(points.get())));
            (category.name, cells)
        })
        .collect();
    view! { <Figures caption=say!(locale, "aggregate-caption") columns=columns rows=rows /> }.into_any()
}
