//! What the page is about, in one glance.

use super::Ballot;
use crate::{
    components::WithoutActual,
    locale::{Locale, marked},
    say,
};
use leptos::prelude::*;

#[component]
pub(crate) fn Opening<'a>(ballot: &'a Ballot) -> AnyView {
    let locale = Locale::here();
    let budget = &ballot.listed.budget;
    let areas = budget.categories.len();
    let open = !ballot.listed.closed;
    let welcome = ballot.known.filter(|known| *known > 0).map(|known| {
        let welcome = marked(&say!(locale, "allocate-welcome", number = known), |_, words| {
            view! { <a href=locale.href("/history")>{words}</a> }.into_any()
        });
        view! { <p class="small">{welcome}</p> }
    });
    let actual = match &budget.actual {
        _ if !open => ().into_any(),
        Some(actual) => view! {
            <p class="small muted">
                {say!(locale, "allocate-actual", year = actual.year.as_str(), source = actual.source.as_str())}
            </p>
        }
        .into_any(),
        None => view! { <WithoutActual other=ballot.with_actual.clone() /> }.into_any(),
    };
    view! {
        <div class="opening">
            <p class="kicker">
                <strong>{budget.title.clone()}</strong>
                <a href=locale.href("/budgets")>{say!(locale, "choose-another")}</a>
            </p>
            <h1>{say!(locale, "allocate-question")}</h1>
            {open
                .then(|| {
                    view! {
                        <p class="lede">
                            {say!(locale, "allocate-lede", whole = locale.whole_percent(100), areas = areas)}
                        </p>
                    }
                })}
            {actual}
            {welcome}
        </div>
    }
    .into_any()
}
