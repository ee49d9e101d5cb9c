//! Choosing a budget.

use crate::{api::Listed, components::Place, format, shell::Head};
use leptos::prelude::*;

pub(crate) fn head() -> Head {
    Head {
        title: "Choose a budget".to_owned(),
        description: "The budgets that you can split, with or without official figures to compare with.".to_owned(),
        path: "/budgets".to_owned(),
        listed: true,
        place: Some(Place::Budgets),
        palette: None,
        islands: false,
    }
}

/// `people` per budget, where known.
pub(crate) fn view(budgets: Vec<(Listed, Option<u64>)>) -> AnyView {
    view! {
        <div class="stack stack-loose">
            <div class="opening">
                <h1>"Choose a budget"</h1>
                <p class="lede">"Each is a ballot of its own: split it, then compare."</p>
            </div>
            <ul class="cards">{budgets.into_iter().map(card).collect_view()}</ul>
        </div>
    }
    .into_any()
}

fn card((listed, people): (Listed, Option<u64>)) -> AnyView {
    let Listed { budget, closed, path, aggregate_path } = listed;
    let areas = budget.categories.len();
    let counted = match people {
        None => "–".to_owned(),
        Some(0) => "nobody yet".to_owned(),
        Some(people) => format::people(people),
    };
    let actual = match &budget.actual {
        Some(actual) => format!(
            "With actual spending: {} {} {}, {}. {}.",
            budget.currency,
            format::hundredths(actual.total_hundredths),
            actual.unit,
            actual.year,
            actual.source
        ),
        None => "Without official figures: compare with everyone.".to_owned(),
    };
    view! {
        <li class="card">
            <h2>
                <a href=path.clone()>{budget.title.clone()}</a>
            </h2>
            <p class="muted">{format!("{areas} areas · {counted}")}</p>
            <p class="small">{actual}</p>
            <p class="row">
                {if closed {
                    view! { <span class="tag">"Closed"</span> }.into_any()
                } else {
                    view! {
                        <a class="button button-main" href=path aria-label=format!("Split it: {}", budget.title)>
                            "Split it"
                        </a>
                    }
                        .into_any()
                }}
                <a class="button" href=aggregate_path aria-label=format!("Everyone: {}", budget.title)>
                    "Everyone"
                </a>
            </p>
        </li>
    }
    .into_any()
}
