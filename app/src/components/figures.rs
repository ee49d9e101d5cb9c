//! The figures behind a chart: a row for each area, in a frame that scrolls on its own where it is too wide.

use crate::{locale::Locale, say};
use leptos::prelude::*;

/// `columns` are the headings after the area's name; each row has as many cells.
#[component]
pub(crate) fn Figures(caption: String, columns: Vec<String>, rows: Vec<(String, Vec<String>)>) -> AnyView {
    let locale = Locale::here();
    let headings: Vec<_> = columns.into_iter().map(|heading| view! { <th scope="col">{heading}</th> }).collect();
    let rows: Vec<_> = rows
        .into_iter()
        .enumerate()
        .map(|(i, (area, cells))| {
            let cells: Vec<_> = cells.into_iter().map(|cell| view! { <td>{cell}</td> }).collect();
            view! {
                <tr>
                    <th scope="row" class=format!("c-{i}")>
                        <span class="swatch" aria-hidden="true"></span>
                        {area}
                    </th>
                    {cells}
                </tr>
            }
        })
        .collect();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=say!(locale, "table-name")>
            <table class="table">
                <caption>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say!(locale, "area")}</th>
                        {headings}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
