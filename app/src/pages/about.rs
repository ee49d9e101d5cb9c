//! What this is: method, privacy, sources, data.

use crate::{
    api::Listed,
    components::Place,
    locale::{Locale, marked},
    say,
    shell::Head,
};
use leptos::prelude::*;

pub(crate) fn head(locale: Locale) -> Head {
    Head {
        title: say!(locale, "about-title"),
        description: say!(locale, "about-description"),
        path: "/about".to_owned(),
        listed: true,
        place: Some(Place::About),
        palette: None,
        islands: false,
    }
}

/// `measured` visits of a hundred say how fast their page was; with `recent` a cookie notes that a device has just
/// changed something.
pub(crate) fn view(budgets: Vec<Listed>, measured: Option<u8>, recent: bool) -> AnyView {
    let locale = Locale::here();
    let device = marked(&say!(locale, "about-cookie"), |_, words| {
        view! { <a href=locale.href("/history#device")>{words}</a> }.into_any()
    });
    let kept = marked(&say!(locale, "about-device"), |_, words| {
        view! { <a href=locale.href("/offline")>{words}</a> }.into_any()
    });
    let measured = measured.map(|percent| {
        view! { <li>{say!(locale, "about-measured", share = locale.whole_percent(percent.into()))}</li> }
    });
    let open_data = marked(&say!(locale, "about-open-data"), |mark, words| match mark {
        "code" => view! { <code>{words}</code> }.into_any(),
        _ => view! { <a href="/api/v1/openapi.json">{words}</a> }.into_any(),
    });
    view! {
        <div class="stack stack-loose">
            <div class="opening">
                <h1>{say!(locale, "about-heading")}</h1>
                <p class="lede">{say!(locale, "about-lede")}</p>
            </div>
            <div class="prose">
                <h2 id="method">{say!(locale, "about-method")}</h2>
                <p>{say!(locale, "about-split")}</p>
                <p>{say!(locale, "about-sample")}</p>
                <ul>
                    <li>{say!(locale, "about-mean")}</li>
                    <li>{say!(locale, "about-agreement")}</li>
                    <li>{say!(locale, "about-more-than", share = locale.whole_percent(72))}</li>
                    <li>{say!(locale, "about-newest")}</li>
                </ul>
                <h2 id="privacy">{say!(locale, "about-privacy")}</h2>
                <p>{say!(locale, "about-no-account")}</p>
                <ul>
                    <li>{say!(locale, "about-stored")}</li>
                    <li>{device}</li>
                    <li>{say!(locale, "about-receipt")}</li>
                    {recent.then(|| view! { <li>{say!(locale, "about-recent")}</li> })}
                    <li>{say!(locale, "about-addresses")}</li>
                    <li>{say!(locale, "about-draft")}</li>
                    <li>{kept}</li>
                    {measured}
                    <li>{say!(locale, "about-deletion")}</li>
                </ul>
                <h2 id="sources">{say!(locale, "about-sources")}</h2>
                <ul>{budgets.into_iter().map(source).collect_view()}</ul>
                <h2 id="api">{say!(locale, "about-api")}</h2>
                <p>{open_data}</p>
            </div>
        </div>
    }
    .into_any()
}

/// Where the figures of a budget come from.
fn source(listed: Listed) -> AnyView {
    let locale = Locale::here();
    let budget = listed.budget;
    let text = match &budget.actual {
        Some(actual) => say!(
            locale,
            "about-source",
            source = actual.source.as_str(),
            amount = locale.hundredths(actual.total_hundredths),
            unit = actual.unit.as_str(),
            year = actual.year.as_str(),
            whole = locale.whole_percent(100),
        ),
        None => say!(locale, "about-no-source"),
    };
    view! {
        <li>
            <a href=locale.href(&listed.path)>{budget.title}</a>
            ": "
            {text}
        </li>
    }
    .into_any()
}
