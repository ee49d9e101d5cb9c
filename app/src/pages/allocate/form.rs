//! The form. It works as it is; the island around it makes the sliders move.

use super::{Ballot, dock::Dock, row::Row, tax::Tax, tools::Tools};
use crate::{
    components::{Notice, Tone},
    islands::Allocator,
};
use domain::WHOLE;
use leptos::prelude::*;

#[component]
pub(crate) fn Form(ballot: Ballot) -> AnyView {
    let points = ballot.points();
    let given: u32 = points.iter().map(|&p| u32::from(p)).sum();
    let left = u32::from(WHOLE).saturating_sub(given) as u16;
    let budget = ballot.listed.budget.clone();
    let path = ballot.listed.path.clone();
    let actual = budget.actual_points().is_some();
    let rows: Vec<_> = budget
        .categories
        .iter()
        .enumerate()
        .map(|(i, category)| {
            let field = format!("points.{}", category.slug);
            view! {
                <Row
                    index=i
                    category=category.clone()
                    value=ballot.values.get(i).cloned().unwrap_or_default()
                    points=points.get(i).copied().unwrap_or_default()
                    left=left
                    last=ballot.last.as_ref().and_then(|last| last.get(i).copied())
                    error=ballot.error(&field)
                />
            }
        })
        .collect();
    let total_error = ballot.error("points");
    let last = ballot.last.is_some();
    let known = ballot.known.is_some();
    let id = ballot.id;
    // Segments never overflow the bar, whatever was typed.
    let drawn = if given <= u32::from(WHOLE) { points } else { vec![0; points.len()] };
    view! {
        <form id="presets" method="get" action=path.clone() hidden=true></form>
        <Allocator>
            <form
                class="ballot"
                method="post"
                action=path
                novalidate=true
                autocomplete="off"
                data-budget=budget.slug
                data-decimal="."
                data-say-left="{}% left to give"
                data-say-complete="All 100% given"
                data-say-go-on="Move a slider, use − and +, or type a number."
                data-say-ready="Ready. You can still change it."
                data-say-value="{}, {} percent, {} left"
                data-say-nothing-left="Nothing is left. Take from another area, or"
                data-say-locked="This area is locked. Unlock it to change it."
                data-say-others-locked="The other areas are locked and cannot make room."
                data-say-unreadable="Not a number from 0 to 100 with up to two decimals."
                data-say-mend="{}: this number can’t be read. Mend it to submit."
                data-say-sending="Sending …"
                data-say-retrying="No connection. Trying again …"
                data-say-used="This was sent before with other numbers. Submit again to send these too."
                data-say-rate-limited="Too many submissions from here. Try again in {} min; your split is kept."
                data-say-busy="Very busy just now. Try again in a moment; nothing is lost."
                data-say-closed="This budget has closed and takes no more submissions."
                data-say-unreachable="No answer from the server. Submit again: it will count once."
                data-say-failed="Something went wrong on our side. Submit again: it will count once."
            >
                <input type="hidden" name="id" value=id />
                {total_error
                    .map(|message| {
                        view! {
                            <Notice tone=Tone::Bad title="Your split is not 100% yet">
                                <p id="error-points">{message}</p>
                            </Notice>
                        }
                    })}
                <p class="unscripted small muted">
                    "Give each area a percentage, with up to two decimals, so that all of them together are exactly 100. The total is checked when you submit."
                </p>
                <Tools actual=actual last=last />
                <Tax currency=budget.currency />
                <ol class="shares">{rows}</ol>
                {(!known)
                    .then(|| {
                        view! {
                            <div class="check">
                                <input type="checkbox" id="consent" name="consent" value="yes" />
                                <label for="consent">
                                    "Remember me on this device, with one cookie and no name, so that a new split replaces this one and I find mine again. "
                                    <span class="muted">"Without it, this split stands alone."</span>
                                </label>
                            </div>
                        }
                    })}
                <Dock points=drawn left=left />
                <p class="hush" role="status" data-part="voice"></p>
            </form>
        </Allocator>
    }
    .into_any()
}
