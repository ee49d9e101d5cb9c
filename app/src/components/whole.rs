//! The bar of the whole: what each category has, and what is left.

use crate::area::corners;
use domain::WHOLE;
use leptos::prelude::*;

/// `points` in category order, together at most 10 000. The numbers stand elsewhere, so it is decoration for
/// whoever doesn't see it.
#[component]
pub(crate) fn Whole(points: Vec<u16>) -> AnyView {
    let mut start = 0;
    let segments = points
        .into_iter()
        .enumerate()
        .map(|(i, width)| {
            let points = corners(start, width);
            start += width;
            view! { <polygon class=format!("segment c-{i}") points=points /> }
        })
        .collect_view();
    view! {
        <svg class="whole" viewBox="0 0 10000 100" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            {segments}
            <polygon class="rest" points=corners(start, WHOLE.saturating_sub(start)) />
        </svg>
    }
    .into_any()
}
