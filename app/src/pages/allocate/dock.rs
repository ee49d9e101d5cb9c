//! The bar of the whole, what is left, and the button: always in view.

use crate::components::Whole;
use domain::percent::format_points;
use leptos::prelude::*;

#[component]
pub(crate) fn Dock(points: Vec<u16>, left: u16) -> AnyView {
    let amount = if left == 0 { "All 100% given".to_owned() } else { format!("{}% left to give", format_points(left)) };
    let hint =
        if left == 0 { "Ready. You can still change it." } else { "Move a slider, use − and +, or type a number." };
    view! {
        <div class="dock">
            <Whole points=points />
            <div class="dock-left">
                <span class="dock-amount scripted" data-part="amount">
                    {amount}
                </span>
                <span class="dock-hint scripted">
                    <span data-part="hint">{hint}</span>
                    " "
                    <button class="button button-link" type="button" data-do="balance" hidden=true>
                        "turn on auto-balance"
                    </button>
                </span>
                <span class="unscripted small muted">"All areas together: exactly 100%."</span>
            </div>
            <button class="button button-main submit" type="submit" data-incomplete=(left > 0).then_some("")>
                "Submit"
            </button>
        </div>
    }
    .into_any()
}
