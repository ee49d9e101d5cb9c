//! The figures behind a chart, in a frame that scrolls on its own where it is too wide.

use crate::{locale::Locale, say};
use leptos::prelude::*;

/// A row for each area. `columns` are the headings after the area's name; each row has as many cells.
#[component]
pub(crate) fn Figures(caption: String, columns: Vec<String>, rows: Vec<(String, Vec<String>)>) -> AnyView {
    let locale = Locale::here();
    let headings = std::iter::once(say!(locale, "area")).chain(columns).collect();
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(i, (area, cells))| {
            let name = view! {
                <th scope="row" class=format!("c-{i}")>
                    <span class="swatch" aria-hidden="true"></span>
                    {area}
                </th>
            };
            row(name.into_any(), cells)
        })
        .collect();
    framed(say!(locale, "table-name"), caption, headings, rows)
}

/// A row for each name. `columns` begin with the heading of the names; `name` is the frame's, for screen readers.
#[component]
pub(crate) fn PlainFigures(
    name: String,
    caption: String,
    columns: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
) -> AnyView {
    let rows =
        rows.into_iter().map(|(name, cells)| row(view! { <th scope="row">{name}</th> }.into_any(), cells)).collect();
    framed(name, caption, columns, rows)
}

fn row(name: AnyView, cells: Vec<String>) -> AnyView {
    let cells: Vec<_> = cells.into_iter().map(|cell| view! { <td>{cell}</td> }).collect();
    view! { <tr>{name} {cells}</tr> }.into_any()
}

fn framed(name: String, caption: String, columns: Vec<String>, rows: Vec<AnyView>) -> AnyView {
    let headings: Vec<_> = columns.into_iter().map(|heading| view! { <th scope="col">{heading}</th> }).collect();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=name>
            <table class="table">
                <caption>{caption}</caption>
                <thead>
                    <tr>{headings}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
