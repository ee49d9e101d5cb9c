//! Mean, median and middle half of one category, drawn.

use super::axis::step;
use domain::dto::CategoryAggregate;
use leptos::prelude::*;

/// On a scale that ends at `scale` points, none of these beyond it. The table has the numbers.
#[component]
pub(crate) fn Spread(statistics: CategoryAggregate, actual: Option<u16>, scale: u16) -> AnyView {
    let at = |points: Option<f64>| format!("{:.0}", points.unwrap_or_default());
    let (low, median, high) = (at(statistics.p25_points), at(statistics.median_points), at(statistics.p75_points));
    let mean = at(statistics.mean_points);
    let grid: Vec<_> = (0..=scale)
        .step_by(step(scale))
        .map(|x| view! { <line class="grid" x1=x y1="-2000" x2=x y2="2000" /> })
        .collect();
    view! {
        <svg
            class="spread"
            viewBox=format!("0 0 {scale} 24")
            preserveAspectRatio="none"
            aria-hidden="true"
            focusable="false"
        >
            {grid}
            <line class="band" x1=low y1="12" x2=high y2="12" />
            <line class="median" x1=median.clone() y1="2" x2=median y2="22" />
            {actual.map(|actual| view! { <line class="actual" x1=actual y1="0" x2=actual y2="24" /> })}
            <line class="mean-rim" x1=mean.clone() y1="12" x2=mean.clone() y2="12" />
            <line class="mean" x1=mean.clone() y1="12" x2=mean y2="12" />
        </svg>
    }
    .into_any()
}
