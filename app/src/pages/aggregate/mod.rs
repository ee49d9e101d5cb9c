//! What everyone said about one budget. The same for everybody, so that it can be cached whole.

mod axis;
mod distribution;
mod spread;
mod table;

use crate::{
    api::{Everyone, Listed},
    components::Place,
    format, palette,
    shell::Head,
};
use axis::Axis;
use distribution::Distribution;
use domain::{Category, dto::CategoryAggregate};
use leptos::prelude::*;
use spread::Spread;
use table::Table;

/// The way on from a budget.
const OTHERS: &str = "Choose another budget";

pub(crate) fn head(listed: &Listed) -> Head {
    Head {
        title: format!("What everyone said: {}", listed.budget.title),
        description: format!("{}: the mean, median and spread of everyone's split, area by area.", listed.budget.title),
        path: listed.aggregate_path.clone(),
        listed: true,
        place: Some(Place::Everyone),
        palette: Some(palette::href(&listed.budget)),
        islands: false,
    }
}

pub(crate) fn view(listed: Listed, everyone: Everyone) -> AnyView {
    let people = everyone.view.submissions;
    let title = listed.budget.title.clone();
    let lede = (people > 0).then(|| {
        format!("The mean split of {}, as of {}.", format::people(people), format::moment(&everyone.view.as_of))
    });
    let path = listed.path.clone();
    let content = if people == 0 {
        view! { <Empty path=path.clone() closed=listed.closed /> }.into_any()
    } else {
        view! { <Figures listed=listed everyone=everyone /> }.into_any()
    };
    view! {
        <div class="stack stack-loose">
            <div class="opening">
                <p class="kicker">
                    <strong>{title}</strong>
                    <a href="/budgets">{OTHERS}</a>
                </p>
                <h1>"What everyone said"</h1>
                {lede.map(|lede| view! { <p class="lede">{lede}</p> })}
            </div>
            {content}
        </div>
    }
    .into_any()
}

#[component]
fn Empty(path: String, closed: bool) -> AnyView {
    let (title, sentence, way, name) = if closed {
        (
            "Nobody submitted a split",
            "This budget is closed and takes no more submissions.",
            "/budgets".to_owned(),
            OTHERS,
        )
    } else {
        ("Nobody has submitted a split yet", "The first one is shown here at once.", path, "Be the first")
    };
    view! {
        <div class="empty">
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <rect
                    x="0.5"
                    y="0.5"
                    width="99"
                    height="9"
                    fill="none"
                    stroke="currentColor"
                    stroke-dasharray="4 3"
                    vector-effect="non-scaling-stroke"
                />
            </svg>
            <h2>{title}</h2>
            <p>{sentence}</p>
            <a class="button button-main" href=way>
                {name}
            </a>
        </div>
    }
    .into_any()
}

#[component]
fn Figures(listed: Listed, everyone: Everyone) -> AnyView {
    let view = everyone.view;
    let categories = listed.budget.categories;
    let scale = scale(&view.categories);
    let actual = listed.budget.actual.is_some();
    let (way, name) = if listed.closed { ("/budgets".to_owned(), OTHERS) } else { (listed.path, "Add your split") };
    let rows: Vec<_> = view
        .categories
        .iter()
        .zip(&categories)
        .enumerate()
        .map(|(i, (statistics, category))| row(i, category, statistics, scale, view.submissions))
        .collect();
    view! {
        <div class="stack">
            <ul class="keys" aria-hidden="true">
                <li>
                    <svg class="key spread" viewBox="0 0 28 12">
                        <line class="mean" x1="14" y1="6" x2="14" y2="6" />
                    </svg>
                    "Mean"
                </li>
                <li>
                    <svg class="key spread" viewBox="0 0 28 12">
                        <line class="median" x1="14" y1="0" x2="14" y2="12" />
                    </svg>
                    "Median: half gave less"
                </li>
                <li>
                    <svg class="key spread" viewBox="0 0 28 12">
                        <line class="band" x1="2" y1="6" x2="26" y2="6" />
                    </svg>
                    "The middle half of people"
                </li>
                {actual
                    .then(|| {
                        view! {
                            <li>
                                <svg class="key spread" viewBox="0 0 28 12">
                                    <line class="actual" x1="14" y1="0" x2="14" y2="12" />
                                </svg>
                                "Actual spending"
                            </li>
                        }
                    })}
            </ul>
            <div class="stack stack-none">
                <Axis scale=scale />
                <ol class="everyone">{rows}</ol>
            </div>
            <details>
                <summary class="more">"All figures as a table"</summary>
                <Table statistics=view.categories.clone() categories=categories.clone() />
            </details>
            <p class="small muted">
                "Everyone here chose to take part, so this is not a representative poll. "
                <a href="/about#method">"How it is counted"</a> "."
            </p>
            <p class="row actions">
                <a class="button button-main" href=way>
                    {name}
                </a>
            </p>
        </div>
    }
    .into_any()
}

fn row(index: usize, category: &Category, statistics: &CategoryAggregate, scale: u16, people: u64) -> AnyView {
    let mean = statistics.mean_points.unwrap_or_default();
    let actual = category.actual_points.map(|points| points.get());
    let name = category.name.clone();
    view! {
        <li class=format!("c-{index}")>
            <h2 class="bars-name">
                <span class="swatch" aria-hidden="true"></span>
                {name.clone()}
            </h2>
            <div>
                <div class="everyone-line">
                    <Spread statistics=statistics.clone() actual=actual scale=scale />
                    <span class="everyone-mean">{format::percent_of(mean)}</span>
                </div>
                <Distribution name=name histogram=statistics.histogram.clone() people=people />
            </div>
        </li>
    }
    .into_any()
}

/// Where the charts' axis ends, in points: the highest figure, rounded up to a whole ten percent.
fn scale(statistics: &[CategoryAggregate]) -> u16 {
    let highest = statistics.iter().flat_map(|s| [s.p75_points, s.mean_points]).flatten().fold(0.0, f64::max);
    ((highest / 1000.0).ceil() as u16 * 1000).clamp(1000, domain::WHOLE)
}
