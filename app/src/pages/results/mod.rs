//! One submission: mine, everyone, actual, side by side.

mod chart;
mod findings;
mod receipt;
mod scores;
mod share;
mod table;

use crate::{api::Comparison, locale::Locale, palette, say, shell::Head};
use chart::Chart;
use findings::Findings;
use leptos::prelude::*;
use receipt::Receipt;
use scores::Scores;
use share::Share;
use table::Table;

pub(crate) fn head(locale: Locale, comparison: &Comparison) -> Head {
    let budget = comparison.budget();
    let title = budget.title.as_str();
    let description = match comparison.agreement_with_everyone() {
        Some(agreement) => {
            let agreement = locale.whole_percent(u64::from((agreement + 50) / 100));
            say!(locale, "results-description-agreement", title = title, agreement = agreement)
        }
        None => say!(locale, "results-description", title = title),
    };
    Head {
        title: say!(locale, "results-title", title = title),
        description,
        path: format!("/results/{}", comparison.view.id),
        listed: false,
        place: None,
        palette: Some(palette::href(budget)),
        islands: false,
    }
}

/// `token` is there on the device that has just submitted; `origin` is where the site is, if it knows.
pub(crate) fn view(comparison: Comparison, token: Option<String>, origin: String) -> AnyView {
    let locale = Locale::here();
    let people = comparison.everyone.view.submissions;
    let title = comparison.budget().title.clone();
    let again = format!("{}?from={}", locale.href(&comparison.listed.path), comparison.view.id);
    let aggregate = locale.href(&comparison.listed.aggregate_path);
    let submitted = locale.moment(&comparison.view.at);
    let delete = locale.href(&format!("/results/{}/delete", comparison.view.id));
    let id = comparison.view.id.clone();
    // Neutral: whoever gets it reads it in a language of their own.
    let share = format!("/results/{}", comparison.view.id);
    let superseded = !comparison.view.counted;
    let alone = people <= 1;
    let sources = comparison.budget().actual.clone();
    view! {
        <div class="stack stack-loose">
            <div class="opening">
                <p class="kicker">
                    <strong>{title}</strong>
                    <span>{say!(locale, "submitted-at", moment = submitted)}</span>
                </p>
                <h1>{say!(locale, "results-heading")}</h1>
                <p class="lede">
                    {if alone {
                        say!(locale, "results-first")
                    } else {
                        say!(locale, "results-compared", people = say!(locale, "people", number = people))
                    }}
                </p>
                {superseded
                    .then(|| view! { <p class="small muted">{say!(locale, "results-replaced")}</p> })}
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
                <h2>{say!(locale, "results-areas")}</h2>
                <Chart comparison=&comparison />
                <details>
                    <summary class="more">{say!(locale, "as-table")}</summary>
                    <Table comparison=&comparison />
                </details>
                <p class="small muted">
                    {say!(locale, "results-caution")}
                    " "
                    {sources.map(|actual| say!(locale, "results-source", source = actual.source, year = actual.year))}
                </p>
            </section>
            <p class="row actions">
                <a class="button button-main" href=again>
                    {say!(locale, "results-again")}
                </a>
                <a class="button" href=aggregate>
                    {say!(locale, "see-everyone")}
                </a>
                <Share path=share />
                <a class="button" href=delete>
                    {say!(locale, "results-delete")}
                </a>
            </p>
        </div>
    }
    .into_any()
}
