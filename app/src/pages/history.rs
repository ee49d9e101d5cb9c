//! My submissions, and whether this device is remembered.

use crate::{
    api::{HistoryPage, Past},
    components::{Notice, Place, Tone},
    locale::{Locale, marked},
    say,
    shell::Head,
};
use leptos::prelude::*;

pub(crate) fn head(locale: Locale) -> Head {
    Head {
        title: say!(locale, "history-title"),
        description: say!(locale, "history-description"),
        path: "/history".to_owned(),
        listed: false,
        place: Some(Place::History),
        palette: None,
        islands: false,
    }
}

/// `None` for a device that is not remembered.
pub(crate) fn view(history: Option<HistoryPage>) -> AnyView {
    let locale = Locale::here();
    let known = history.is_some();
    let content = match history {
        None => view! {
            <Notice tone=Tone::Note title=say!(locale, "history-unknown")>
                <p>{say!(locale, "history-unknown-about")}</p>
            </Notice>
        }
        .into_any(),
        Some(page) if page.past.is_empty() => view! {
            <div class="empty">
                <h2>{say!(locale, "history-empty")}</h2>
                <p>{say!(locale, "history-empty-about")}</p>
                <a class="button button-main" href=locale.href("/")>
                    {say!(locale, "history-empty-way")}
                </a>
            </div>
        }
        .into_any(),
        Some(HistoryPage { past, newer, older }) => view! {
            <ol class="past">{past.into_iter().map(entry).collect_view()}</ol>
            {other_pages(locale, newer, older)}
            <section class="section">
                <h2>{say!(locale, "history-all")}</h2>
                <p>{say!(locale, "history-all-about")}</p>
                <p class="row">
                    <a class="button" href=locale.href("/history/export.json")>
                        {say!(locale, "download-json")}
                    </a>
                    <a class="button" href=locale.href("/history/export.csv")>
                        {say!(locale, "download-csv")}
                    </a>
                    <a class="button button-danger" href=locale.href("/history/delete")>
                        {say!(locale, "history-delete-all")}
                    </a>
                </p>
            </section>
        }
        .into_any(),
    };
    view! {
        <div class="stack stack-loose">
            <div class="opening">
                <h1>{say!(locale, "history-title")}</h1>
                <p class="lede">{say!(locale, "history-lede")}</p>
            </div>
            {content}
            <Device known=known />
        </div>
    }
    .into_any()
}

/// The ways to the pages beside this one, by how many submissions come before theirs.
fn other_pages(locale: Locale, newer: Option<u32>, older: Option<u32>) -> Option<AnyView> {
    let way = |skip: u32, name: String| {
        let path = if skip == 0 { "/history".to_owned() } else { format!("/history?skip={skip}") };
        view! {
            <a class="button" href=locale.href(&path)>
                {name}
            </a>
        }
    };
    (newer.is_some() || older.is_some()).then(|| {
        view! {
            <p class="row">
                {newer.map(|skip| way(skip, say!(locale, "history-newer")))}
                {older.map(|skip| way(skip, say!(locale, "history-older")))}
            </p>
        }
        .into_any()
    })
}

fn entry(past: Past) -> AnyView {
    let locale = Locale::here();
    let Past { listed, view, .. } = past;
    let moment = locale.moment(&view.at);
    view! {
        <li>
            <span>{listed.budget.title}</span>
            <a href=locale.href(&format!("/results/{}", view.id))>{moment.clone()}</a>
            {if view.counted {
                view! { <span class="tag tag-good">{say!(locale, "history-counts")}</span> }
            } else {
                view! { <span class="tag">{say!(locale, "history-replaced")}</span> }
            }}
            <a class="small" href=locale.href(&format!("/results/{}/delete", view.id))>
                {marked(
                    &say!(locale, "history-delete", moment = moment),
                    |_, words| view! { <span class="hush">{words}</span> }.into_any(),
                )}
            </a>
        </li>
    }
    .into_any()
}

/// The choice, which can be changed at any time.
#[component]
fn Device(known: bool) -> AnyView {
    let locale = Locale::here();
    let (sentence, choice, name) = if known {
        (say!(locale, "device-known"), "withdraw", say!(locale, "device-forget"))
    } else {
        (say!(locale, "device-unknown"), "give", say!(locale, "device-remember"))
    };
    view! {
        <section class="section" id="device">
            <h2>{say!(locale, "device-title")}</h2>
            <p>{sentence}</p>
            <form method="post" action=locale.href("/consent")>
                <button class="button" type="submit" name="choice" value=choice>
                    {name}
                </button>
            </form>
        </section>
    }
    .into_any()
}
