//! What the page is about, in one glance.

use super::Ballot;
use leptos::prelude::*;

#[component]
pub(crate) fn Opening<'a>(ballot: &'a Ballot) -> AnyView {
    let budget = &ballot.listed.budget;
    let areas = budget.categories.len();
    let open = !ballot.listed.closed;
    let welcome = ballot.known.filter(|known| *known > 0).map(|known| {
        let submissions = if known == 1 { "1 submission".to_owned() } else { format!("{known} submissions") };
        view! {
            <p class="small">
                "Welcome back. You have " <a href="/history">{submissions}</a>
                "; a new one to this budget replaces the one that counts."
            </p>
        }
    });
    let actual = match (&budget.actual, &ballot.with_actual) {
        _ if !open => ().into_any(),
        (Some(actual), _) => view! {
            <p class="small muted">
                "The mark on each line is what was really spent in " {actual.year.clone()} ". Source: "
                {actual.source.clone()} "."
            </p>
        }
        .into_any(),
        (None, Some((title, path))) => view! {
            <p class="small muted">
                "This ballot has no official figures to compare with. One that has: "
                <a href=path.clone()>{title.clone()}</a> "."
            </p>
        }
        .into_any(),
        (None, None) => ().into_any(),
    };
    view! {
        <div class="opening">
            <p class="kicker">
                <strong>{budget.title.clone()}</strong>
                <a href="/budgets">"Choose another budget"</a>
            </p>
            <h1>"Where should your taxes go?"</h1>
            {open
                .then(|| {
                    view! {
                        <p class="lede">
                            {format!("Share out 100% over {areas} areas. ")}
                            "Then see your split beside everyone’s."
                        </p>
                    }
                })}
            {actual}
            {welcome}
        </div>
    }
    .into_any()
}
