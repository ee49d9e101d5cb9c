//! Choosing a budget.

use crate::{api::Listed, components::Place, locale::Locale, say, shell::Head};
use leptos::prelude::*;

pub(crate) fn head(locale: Locale) -> Head {
    Head {
        title: say!(locale, "budgets-title"),
        description: say!(locale, "budgets-description"),
        path: "/budgets".to_owned(),
        listed: true,
        place: Some(Place::Budgets),
        palette: None,
        islands: false,
    }
}

/// `people` per budget, where known.
pub(crate) fn view(budgets: Vec<(Listed, Option<u64>)>) -> AnyView {
    let locale = Locale::here();
    view! {
        <div class="stack stack-loose">
            <div class="opening">
                <h1>{say!(locale, "budgets-title")}</h1>
                <p class="lede">{say!(locale, "budgets-lede")}</p>
            </div>
            <ul class="cards">{budgets.into_iter().map(card).collect_view()}</ul>
        </div>
    }
    .into_any()
}

fn card((listed, people): (Listed, Option<u64>)) -> AnyView {
    let locale = Locale::here();
    let Listed { budget, closed, path, aggregate_path } = listed;
    let (path, aggregate_path) = (locale.href(&path), locale.href(&aggregate_path));
    let areas = say!(locale, "areas", number = budget.categories.len());
    let counted = match people {
        None => "–".to_owned(),
        Some(0) => say!(locale, "budgets-nobody"),
        Some(people) => say!(locale, "people", number = people),
    };
    let actual = match &budget.actual {
        Some(actual) => say!(
            locale,
            "budgets-with-actual",
            currency = budget.currency.as_str(),
            amount = locale.hundredths(actual.total_hundredths),
            unit = actual.unit.as_str(),
            year = actual.year.as_str(),
            source = actual.source.as_str(),
        ),
        None => say!(locale, "budgets-without-actual"),
    };
    let title = budget.title.as_str();
    let split_name = say!(locale, "budgets-split-name", title = title);
    let everyone_name = say!(locale, "budgets-everyone-name", title = title);
    view! {
        <li class="card">
            <h2>
                <a href=path.clone()>{budget.title.clone()}</a>
            </h2>
            <p class="muted">{format!("{areas} · {counted}")}</p>
            <p class="small">{actual}</p>
            <p class="row">
                {if closed {
                    view! { <span class="tag">{say!(locale, "closed")}</span> }.into_any()
                } else {
                    view! {
                        <a class="button button-main" href=path aria-label=split_name>
                            {say!(locale, "budgets-split")}
                        </a>
                    }
                        .into_any()
                }}
                <a class="button" href=aggregate_path aria-label=everyone_name>
                    {say!(locale, "everyone")}
                </a>
            </p>
        </li>
    }
    .into_any()
}
