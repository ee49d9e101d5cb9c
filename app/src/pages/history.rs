//! My submissions, and whether this device is remembered.

use crate::{
    api::Past,
    components::{Notice, Place, Tone},
    format,
    shell::Head,
};
use leptos::prelude::*;

pub(crate) fn head() -> Head {
    Head {
        title: "My history".to_owned(),
        description: "The splits that this device has submitted, and which of them count.".to_owned(),
        path: "/history".to_owned(),
        listed: false,
        place: Some(Place::History),
        palette: None,
        islands: false,
    }
}

/// `None` for a device that is not remembered.
pub(crate) fn view(history: Option<Vec<Past>>) -> AnyView {
    let known = history.is_some();
    let content = match history {
        None => view! {
            <Notice tone=Tone::Note title="This device is not remembered">
                <p>
                    "Each split that you submit from here stands alone, and only its own address leads to it. If you let this device be remembered, your splits are listed here."
                </p>
            </Notice>
        }
        .into_any(),
        Some(past) if past.is_empty() => view! {
            <div class="empty">
                <h2>"Nothing here yet"</h2>
                <p>"This device is remembered. Your first split will be listed here."</p>
                <a class="button button-main" href="/">
                    "Split your taxes"
                </a>
            </div>
        }
        .into_any(),
        Some(past) => view! {
            <ol class="past">{past.into_iter().map(entry).collect_view()}</ol>
            <section class="section">
                <h2>"All of it"</h2>
                <p>"Everything that this device has submitted, to keep or to take back."</p>
                <p class="row">
                    <a class="button" href="/history/export.json">
                        "Download as JSON"
                    </a>
                    <a class="button" href="/history/export.csv">
                        "Download as CSV"
                    </a>
                    <a class="button button-danger" href="/history/delete">
                        "Delete everything …"
                    </a>
                </p>
            </section>
        }
        .into_any(),
    };
    view! {
        <div class="stack stack-loose">
            <div class="opening">
                <h1>"My history"</h1>
                <p class="lede">"Of each budget, your newest split counts. The older ones stay here."</p>
            </div>
            {content}
            <Device known=known />
        </div>
    }
    .into_any()
}

fn entry(past: Past) -> AnyView {
    let Past { listed, view, .. } = past;
    view! {
        <li>
            <span>{listed.budget.title}</span>
            <a href=format!("/results/{}", view.id)>{format::moment(&view.at)}</a>
            {if view.counted {
                view! { <span class="tag tag-good">"Counts"</span> }
            } else {
                view! { <span class="tag">"Replaced"</span> }
            }}
            <a class="small" href=format!("/results/{}/delete", view.id)>
                "Delete"
                <span class="hush">{format!(" the split of {}", format::moment(&view.at))}</span>
            </a>
        </li>
    }
    .into_any()
}

/// The choice, which can be changed at any time.
#[component]
fn Device(known: bool) -> AnyView {
    let (sentence, choice, name) = if known {
        (
            "This device is remembered by one cookie with a random number. If you forget it, your splits stay counted, but nothing leads from here to them any more.",
            "withdraw",
            "Forget this device",
        )
    } else {
        (
            "To be remembered takes one cookie with a random number: no name, no address. A new split then replaces your former one instead of counting beside it.",
            "give",
            "Remember this device",
        )
    };
    view! {
        <section class="section" id="device">
            <h2>"Cookies and this device"</h2>
            <p>{sentence}</p>
            <form method="post" action="/consent">
                <button class="button" type="submit" name="choice" value=choice>
                    {name}
                </button>
            </form>
        </section>
    }
    .into_any()
}
