//! The biggest differences, a sentence each.

use crate::{api::Comparison, format};
use domain::statistics::biggest_differences;
use leptos::prelude::*;

/// So many sentences.
const MOST: usize = 3;

/// ` 8.5 points more than everyone, more than 72% of people.`
fn sentence(more: bool, apart: u32, percentile: Option<u16>) -> String {
    let direction = if more { "more" } else { "less" };
    let apart = format::points_apart(apart);
    let people = percentile.map_or_else(String::new, |percentile| {
        // More than those below, less than those above.
        let beaten = if more { percentile } else { domain::WHOLE - percentile.min(domain::WHOLE) };
        format!(", {direction} than {}% of people", (beaten + 50) / 100)
    });
    format!(" {apart} points {direction} than everyone{people}.")
}

#[component]
pub(crate) fn Findings<'a>(comparison: &'a Comparison) -> AnyView {
    let differences = match &comparison.mean {
        Some(mean) if comparison.everyone.view.submissions > 1 => biggest_differences(&comparison.mine, mean),
        _ => Vec::new(),
    };
    if differences.is_empty() {
        return ().into_any();
    }
    let categories = &comparison.budget().categories;
    let sentences: Vec<_> = differences
        .into_iter()
        .take(MOST)
        .filter_map(|difference| {
            let i = difference.category;
            let name = &categories.get(i)?.name;
            let apart = difference.points();
            let percentile = comparison.percentiles.get(i).copied().flatten();
            let text = sentence(apart > 0, apart.unsigned_abs(), percentile);
            Some(view! {
                <li class=format!("c-{i}")>
                    <span class="swatch" aria-hidden="true"></span>
                    <span>
                        <strong>{name.clone()} ":"</strong>
                        {text}
                    </span>
                </li>
            })
        })
        .collect();
    view! {
        <section class="stack stack-tight findings-block">
            <h2>"Where you differ most"</h2>
            <ol class="findings">{sentences}</ol>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_from_its_own_side() {
        assert_eq!(sentence(true, 850, Some(7200)), " 8.5 points more than everyone, more than 72% of people.");
        assert_eq!(sentence(false, 300, Some(1000)), " 3 points less than everyone, less than 90% of people.");
    }
}
