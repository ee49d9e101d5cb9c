//! The percentages above the charts.

use crate::locale::Locale;
use leptos::prelude::*;

/// The distance of two marks, in points: four or five of them on any scale.
pub(super) fn step(scale: u16) -> usize {
    match scale {
        0..=2000 => 500,
        2001..=5000 => 1000,
        _ => 2000,
    }
}

/// For charts whose axis ends at `scale` points. The table has the numbers.
#[component]
pub(crate) fn Axis(scale: u16) -> AnyView {
    let locale = Locale::here();
    let marks: Vec<_> = (0..=scale)
        .step_by(step(scale))
        .map(|points| {
            // Positions in percent of the drawing, so that the text keeps its shape at any width.
            let x = format!("{:.2}%", f64::from(points) * 100.0 / f64::from(scale));
            view! {
                <text x=x y="12" text-anchor="middle">
                    {locale.percent(points)}
                </text>
            }
        })
        .collect();
    view! {
        <div class="axis-row" aria-hidden="true">
            <svg class="axis-marks" focusable="false">
                {marks}
            </svg>
        </div>
    }
    .into_any()
}
