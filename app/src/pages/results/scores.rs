//! Agreement in one number.

use crate::api::Comparison;
use leptos::prelude::*;

/// Whole percent, rounded half up.
fn whole(hundredths: u16) -> String {
    format!("{}%", (hundredths + 50) / 100)
}

#[component]
pub(crate) fn Scores<'a>(comparison: &'a Comparison) -> AnyView {
    let score = |name: &'static str, agreement: u16, sentence: &'static str| {
        view! {
            <div class="score">
                <dt>{name}</dt>
                <dd class="figure">{whole(agreement)}</dd>
                <dd class="small muted">{sentence}</dd>
            </div>
        }
    };
    let everyone = comparison.agreement_with_everyone().map(|agreement| {
        score("Agreement with everyone", agreement, "The part of the budget that you and the mean split alike.")
    });
    let actual = comparison.agreement_with_actual().map(|agreement| {
        score("Agreement with actual spending", agreement, "The part of the budget that goes where you want it to go.")
    });
    view! {
        <dl class="scores">
            {everyone}
            {actual}
        </dl>
    }
    .into_any()
}
