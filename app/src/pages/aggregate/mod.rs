//! What everyone said about one budget. The same for everybody, so that it can be cached whole.

mod axis;
mod distribution;
mod spread;
mod table;

use crate::{
    api::{Everyone, Listed, WithActual},
    components::{Place, WithoutActual},
    locale::{Locale, marked},
    palette, say,
    shell::Head,
};
use axis::Axis;
use distribution::Distribution;
use domain::{Category, dto::CategoryAggregate};
use leptos::prelude::*;
use spread::Spread;
use table::Table;

pub(crate) fn head(locale: Locale, listed: &Listed) -> Head {
    let title = listed.budget.title.as_str();
    Head {
        title: say!(locale, "aggregate-title", title = title),
        description: say!(locale, "aggregate-description", title = title),
        path: listed.aggregate_path.clone(),
        listed: true,
        place: Some(Place::Everyone),
        palette: Some(palette::href(&listed.budget)),
        islands: false,
    }
}

/// `with_actual` is a budget with actual spending, if this one has none.
pub(crate) fn view(listed: Listed, with_actual: Option<WithActual>, everyone: Everyone) -> AnyView {
    let locale = Locale::here();
    let people = everyone.view.submissions;
    let title = listed.budget.title.clone();
    let lede = (people > 0).then(|| {
        let people = say!(locale, "people", number = people);
        say!(locale, "aggregate-lede", people = people, moment = locale.moment(&everyone.view.as_of))
    });
    let path = locale.href(&listed.path);
    let content = if people == 0 {
        view! { <Empty path=path closed=listed.closed /> }.into_any()
    } else {
        view! { <Figures listed=listed everyone=everyone /> }.into_any()
    };
    view! {
        <div class="stack stack-loose">
            <div class="opening">
                <p class="kicker">
                    <strong>{title}</strong>
                    <a href=locale.href("/budgets")>{say!(locale, "choose-another")}</a>
                </p>
                <h1>{say!(locale, "everyone-said")}</h1>
                {lede.map(|lede| view! { <p class="lede">{lede}</p> })}
                <WithoutActual other=with_actual />
            </div>
            {content}
        </div>
    }
    .into_any()
}

#[component]
fn Empty(path: String, closed: bool) -> AnyView {
    let locale = Locale::here();
    let (title, sentence, way, name) = if closed {
        (
            say!(locale, "aggregate-nobody"),
            say!(locale, "aggregate-closed"),
            locale.href("/budgets"),
            say!(locale, "choose-another"),
        )
    } else {
        (
            say!(locale, "aggregate-empty"),
            say!(locale, "aggregate-empty-about"),
            path,
            say!(locale, "aggregate-be-first"),
        )
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
    let locale = Locale::here();
    let view = everyone.view;
    let categories = listed.budget.categories;
    let scale = scale(&view.categories, &categories);
    let actual = listed.budget.actual.is_some();
    let (way, name) = if listed.closed {
        (locale.href("/budgets"), say!(locale, "choose-another"))
    } else {
        (locale.href(&listed.path), say!(locale, "aggregate-add"))
    };
    let caution = marked(&say!(locale, "aggregate-caution"), |_, words| {
        view! { <a href=locale.href("/about#method")>{words}</a> }.into_any()
    });
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
                    {say!(locale, "mean")}
                </li>
                <li>
                    <svg class="key spread" viewBox="0 0 28 12">
                        <line class="median" x1="14" y1="0" x2="14" y2="12" />
                    </svg>
                    {say!(locale, "aggregate-median")}
                </li>
                <li>
                    <svg class="key spread" viewBox="0 0 28 12">
                        <line class="band" x1="2" y1="6" x2="26" y2="6" />
                    </svg>
                    {say!(locale, "aggregate-middle")}
                </li>
                {actual
                    .then(|| {
                        view! {
                            <li>
                                <svg class="key spread" viewBox="0 0 28 12">
                                    <line class="actual" x1="14" y1="0" x2="14" y2="12" />
                                </svg>
                                {say!(locale, "actual-spending")}
                            </li>
                        }
                    })}
            </ul>
            <div class="stack stack-none">
                <Axis scale=scale />
                <ol class="everyone">{rows}</ol>
            </div>
            <details>
                <summary class="more">{say!(locale, "as-table")}</summary>
                <Table statistics=view.categories.clone() categories=categories.clone() />
            </details>
            <p class="small muted">{caution}</p>
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
                    <span class="everyone-mean">{Locale::here().percent_of(mean)}</span>
                </div>
                <Distribution name=name histogram=statistics.histogram.clone() people=people />
            </div>
        </li>
    }
    .into_any()
}

/// Where the charts' axis ends, in points: the highest figure that is drawn, rounded up to a whole ten percent.
fn scale(statistics: &[CategoryAggregate], categories: &[Category]) -> u16 {
    let said = statistics.iter().flat_map(|s| [s.p75_points, s.mean_points]).flatten();
    let actual = categories.iter().filter_map(|category| category.actual_points).map(|points| f64::from(points.get()));
    let highest = said.chain(actual).fold(0.0, f64::max);
    ((highest / 1000.0).ceil() as u16 * 1000).clamp(1000, domain::WHOLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Points;

    fn category(actual: Option<u16>) -> Category {
        Category {
            slug: "roads".to_owned(),
            name: "Roads".to_owned(),
            description: "Roads and bridges".to_owned(),
            color: "#123456".to_owned(),
            actual_points: actual.map(|points| Points::try_from(points).unwrap()),
        }
    }

    fn said(mean: f64, p75: f64) -> CategoryAggregate {
        CategoryAggregate {
            slug: "roads".to_owned(),
            sum_points: 0,
            mean_points: Some(mean),
            median_points: Some(mean),
            p25_points: Some(0.0),
            p75_points: Some(p75),
            histogram: Vec::new(),
        }
    }

    #[test]
    fn the_axis_reaches_to_the_highest_figure_whoever_it_is_of() {
        let end = |mean, p75, actual| scale(&[said(mean, p75)], &[category(actual)]);
        assert_eq!(end(500.0, 800.0, None), 1000);
        assert_eq!(end(1000.0, 1900.0, Some(1200)), 2000);
        assert_eq!(end(3100.0, 1900.0, Some(0)), 4000);
        assert_eq!(end(1000.0, 1900.0, Some(2165)), 3000, "what was really spent has its mark, too");
        assert_eq!(end(0.0, 0.0, Some(10_000)), 10_000);
    }
}
