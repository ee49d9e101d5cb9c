//! One submission: mine, everyone, actual, side by side.

mod chart;
mod findings;
mod receipt;
mod scores;
mod share;
mod table;

use crate::{
    api::{Comparison, WithActual},
    components::{Notice, Tone, WithoutActual},
    locale::Locale,
    say,
    shell::Head,
    stream::{later, when_known},
};
use chart::Chart;
use domain::dto::SubmissionView;
use findings::Findings;
use futures_util::future::{BoxFuture, Shared};
use leptos::prelude::*;
use receipt::Receipt;
use scores::Scores;
use share::Share;
use std::sync::Arc;
use table::Table;

/// The comparison when it is known; nothing if it can't be read.
pub(crate) type Comparing = Shared<BoxFuture<'static, Option<Arc<Comparison>>>>;

/// What the page shows without any comparison.
pub(crate) struct Results {
    /// Of the budget.
    pub title: String,
    pub palette: String,
    /// A budget with actual spending, if this one has none.
    pub with_actual: Option<WithActual>,
    pub view: SubmissionView,
    /// On the device that has just submitted.
    pub token: Option<String>,
    /// Where the site is, if it knows.
    pub origin: String,
    /// What a link preview says, if it is known before the page begins.
    pub known: Option<Known>,
}

/// The comparison in a figure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    /// With everyone's mean, in hundredths of a percent.
    agreement: Option<u16>,
}

impl Known {
    pub(crate) fn of(comparison: &Comparison) -> Self {
        Self { agreement: comparison.agreement_with_everyone() }
    }
}

impl Results {
    pub(crate) fn head(&self, locale: Locale) -> Head {
        let title = self.title.as_str();
        let description = match self.known.and_then(|known| known.agreement) {
            Some(agreement) => {
                let agreement = locale.whole_percent(u64::from((agreement + 50) / 100));
                say!(locale, "results-description-agreement", title = title, agreement = agreement)
            }
            None => say!(locale, "results-description", title = title),
        };
        Head {
            title: say!(locale, "results-title", title = title),
            description,
            path: format!("/results/{}", self.view.id),
            listed: false,
            place: None,
            palette: Some(self.palette.clone()),
            islands: false,
        }
    }

    /// Text first, then the verdict, then the charts.
    pub(crate) fn show(self, comparing: Comparing) -> AnyView {
        let locale = Locale::here();
        let submitted = locale.moment(&self.view.at);
        let counted = self.view.counted;
        let (lede, verdict) = (comparing.clone(), comparing.clone());
        let (id, token, origin) = (self.view.id, self.token, self.origin);
        let (areas, with_actual) = (id.clone(), self.with_actual);
        view! {
            <div class="stack stack-loose">
                <div class="opening">
                    <p class="kicker">
                        <strong>{self.title}</strong>
                        <span>{say!(locale, "submitted-at", moment = submitted)}</span>
                    </p>
                    <h1>{say!(locale, "results-heading")}</h1>
                    {when_known(async move { lede.await.map(|comparison| compared(locale, &comparison)).into_any() })}
                    {(!counted && token.is_none())
                        .then(|| view! { <p class="small muted">{say!(locale, "results-replaced")}</p> })}
                </div>
                {token.map(|token| view! { <Receipt id=id token=token origin=origin counted=counted /> })}
                {when_known(async move {
                    match verdict.await {
                        Some(comparison) => verdict_of(&comparison),
                        None => unreadable(locale),
                    }
                })}
                {later(move || when_known(async move {
                    comparing.await.map(|comparison| in_areas(locale, &comparison, &areas, with_actual)).into_any()
                }))}
            </div>
        }
        .into_any()
    }
}

/// With how many people.
fn compared(locale: Locale, comparison: &Comparison) -> AnyView {
    let people = comparison.everyone.view.submissions;
    let sentence = if people <= 1 {
        say!(locale, "results-first")
    } else {
        say!(locale, "results-compared", people = say!(locale, "people", number = people))
    };
    view! { <p class="lede">{sentence}</p> }.into_any()
}

fn verdict_of(comparison: &Comparison) -> AnyView {
    let alone = comparison.everyone.view.submissions <= 1;
    (!alone || comparison.actual.is_some())
        .then(|| {
            view! {
                <div class="verdict">
                    <Scores comparison=comparison />
                    <Findings comparison=comparison />
                </div>
            }
        })
        .into_any()
}

/// The page has begun when it turns out that there is nothing to compare with.
fn unreadable(locale: Locale) -> AnyView {
    view! {
        <Notice tone=Tone::Bad title=say!(locale, "busy")>
            <p>{say!(locale, "busy-about")}</p>
        </Notice>
    }
    .into_any()
}

fn in_areas(locale: Locale, comparison: &Comparison, id: &str, with_actual: Option<WithActual>) -> AnyView {
    let again = format!("{}?from={id}", locale.href(&comparison.listed.path));
    let aggregate = locale.href(&comparison.listed.aggregate_path);
    let delete = locale.href(&format!("/results/{id}/delete"));
    // Neutral: whoever gets it reads it in a language of their own.
    let share = format!("/results/{id}");
    let sources = comparison.budget().actual.clone();
    view! {
        <section class="section">
            <h2>{say!(locale, "results-areas")}</h2>
            <Chart comparison=comparison />
            <details>
                <summary class="more">{say!(locale, "as-table")}</summary>
                <Table comparison=comparison />
            </details>
            <p class="small muted">
                {say!(locale, "results-caution")}
                " "
                {sources.map(|actual| say!(locale, "results-source", source = actual.source, year = actual.year))}
            </p>
            <WithoutActual other=with_actual />
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
    }
    .into_any()
}
