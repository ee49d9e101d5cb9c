//! Agreement in one number.

use crate::{api::Comparison, locale::Locale, say};
use leptos::prelude::*;

#[component]
pub(crate) fn Scores<'a>(comparison: &'a Comparison) -> AnyView {
    let locale = Locale::here();
    let score = |name: String, agreement: u16, sentence: String| {
        // Whole percent, rounded half up.
        let whole = locale.whole_percent(u64::from((agreement + 50) / 100));
        view! {
            <div class="score">
                <dt>{name}</dt>
                <dd class="figure">{whole}</dd>
                <dd class="small muted">{sentence}</dd>
            </div>
        }
    };
    let everyone = comparison
        .agreement_with_everyone()
        .map(|agreement| score(say!(locale, "score-everyone"), agreement, say!(locale, "score-everyone-about")));
    let actual = comparison
        .agreement_with_actual()
        .map(|agreement| score(say!(locale, "score-actual"), agreement, say!(locale, "score-actual-about")));
    view! {
        <dl class="scores">
            {everyone}
            {actual}
        </dl>
    }
    .into_any()
}
