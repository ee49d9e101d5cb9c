//! One submission: mine, everyone, actual, side by side.

mod chart;
mod findings;
mod receipt;
mod scores;
mod share;
mod table;

use crate::{api::Comparison, format, palette, shell::Head};
use chart::Chart;
use findings::Findings;
use leptos::prelude::*;
use receipt::Receipt;
use scores::Scores;
use share::Share;
use table::Table;

pub(crate) fn head(comparison: &Comparison) -> Head {
    let budget = comparison.budget();
    let agreement = comparison
        .agreement_with_everyone()
        .map_or_else(String::new, |agreement| format!(" It agrees with everyone’s by {}%.", agreement.div_ceil(100)));
    Head {
        title: format!("A split of {}", budget.title),
        description: format!("One split of {} beside everyone’s.{agreement}", budget.title),
        path: format!("/results/{}", comparison.view.id),
        listed: false,
        place: None,
        palette: Some(palette::href(budget)),
        islands: false,
    }
}

/// `token` is there on the device that has just submitted; `origin` is where the site is, if it knows.
pub(crate) fn view(comparison: Comparison, token: Option<String>, origin: String) -> AnyView {
    let people = comparison.everyone.view.submissions;
    let title = comparison.budget().title.clone();
    let again = format!("{}?from={}", comparison.listed.path, comparison.view.id);
    let aggregate = comparison.listed.aggregate_path.clone();
    let submitted = format::moment(&comparison.view.at);
    let delete = format!("/results/{}/delete", comparison.view.id);
    let id = comparison.view.id.clone();
    let share = format!("/results/{}", comparison.view.id);
    let superseded = !comparison.view.counted;
    let alone = people <= 1;
    let sources = comparison.budget().actual.clone();
    view! {
        <div class="stack stack-loose">
            <div class="opening">
                <p class="kicker">
                    <strong>{title}</strong>
                    <span>{format!("Submitted {submitted}")}</span>
                </p>
                <h1>"Your split beside everyone’s"</h1>
                <p class="lede">
                    {if alone {
                        "You are the first. As others take part, everyone’s mean moves away from yours.".to_owned()
                    } else {
                        format!("Compared with the mean of {}.", format::people(people))
                    }}
                </p>
                {superseded
                    .then(|| view! { <p class="small muted">"A newer split has replaced this one in the count."</p> })}
            </div>
            {token.map(|token| view! { <Receipt id=id token=token origin=origin /> })}
            {(!alone || comparison.actual.is_some())
                .then(|| {
                    view! {
                        <div class="verdict">
                            <Scores comparison=&comparison />
                            <Findings comparison=&comparison />
                        </div>
                    }
                })}
            <section class="section">
                <h2>"Area by area"</h2>
                <Chart comparison=&comparison />
                <details>
                    <summary class="more">"All figures as a table"</summary>
                    <Table comparison=&comparison />
                </details>
                <p class="small muted">
                    "Everyone here chose to take part: this is not a representative poll. "
                    {sources.map(|actual| format!("Actual: {}, {}.", actual.source, actual.year))}
                </p>
            </section>
            <p class="row actions">
                <a class="button button-main" href=again>
                    "Change my mind"
                </a>
                <a class="button" href=aggregate>
                    "See what everyone said"
                </a>
                <Share path=share />
                <a class="button" href=delete>
                    "Delete this split"
                </a>
            </p>
        </div>
    }
    .into_any()
}
