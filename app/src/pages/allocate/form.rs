//! The form. It works as it is; the island around it makes the sliders move.

use super::{Ballot, dock::Dock, row::Row, tax::Tax, tools::Tools};
use crate::{
    components::{Notice, Tone},
    islands::Allocator,
    locale::Locale,
    say,
};
use domain::WHOLE;
use leptos::{
    attr::{
        any_attribute::{AnyAttribute, IntoAnyAttribute},
        custom::custom_attribute,
    },
    prelude::*,
};

/// Stands for a name or a number that the island fills in, in the order in which the text has them.
const GAP: &str = "{}";

/// What the island says, as attributes of the form. A view's element takes only so many attributes of its own.
fn sentences(locale: Locale) -> Vec<AnyAttribute> {
    let gap_percent = say!(locale, "percent", number = GAP);
    let sentences = [
        ("data-say-left", say!(locale, "allocate-left", left = gap_percent.as_str())),
        ("data-say-complete", say!(locale, "allocate-complete", whole = locale.whole_percent(100))),
        ("data-say-go-on", say!(locale, "allocate-go-on")),
        ("data-say-ready", say!(locale, "allocate-ready")),
        ("data-say-value", say!(locale, "allocate-value", name = GAP, share = GAP, left = GAP)),
        ("data-say-nothing-left", say!(locale, "say-nothing-left")),
        ("data-say-locked", say!(locale, "say-locked")),
        ("data-say-others-locked", say!(locale, "say-others-locked")),
        ("data-say-unreadable", say!(locale, "say-unreadable")),
        ("data-say-mend", say!(locale, "say-mend", name = GAP)),
        ("data-say-sending", say!(locale, "say-sending")),
        ("data-say-closed", say!(locale, "say-closed")),
        ("data-say-changed", say!(locale, "say-changed")),
        ("data-say-kept", say!(locale, "say-kept")),
        ("data-say-kept-until", say!(locale, "say-kept-until", minutes = GAP)),
        ("data-say-unsaved", say!(locale, "say-unsaved")),
        ("data-say-failed", say!(locale, "say-failed")),
    ];
    sentences.into_iter().map(|(name, sentence)| custom_attribute(name, sentence).into_any_attr()).collect()
}

#[component]
pub(crate) fn Form(ballot: Ballot) -> AnyView {
    let locale = Locale::here();
    let points = ballot.points();
    let given: u32 = points.iter().map(|&p| u32::from(p)).sum();
    let left = u32::from(WHOLE).saturating_sub(given) as u16;
    let budget = ballot.listed.budget.clone();
    let path = locale.href(&ballot.listed.path);
    let actual = budget.actual_points().is_some();
    let rows: Vec<_> = budget
        .categories
        .iter()
        .enumerate()
        .map(|(i, category)| {
            view! {
                <Row
                    index=i
                    category=category.clone()
                    value=ballot.values.get(i).cloned().unwrap_or_default()
                    points=points.get(i).copied().unwrap_or_default()
                    left=left
                    last=ballot.last.as_ref().and_then(|last| last.get(i).copied())
                    error=ballot.wrong_share(locale, category)
                />
            }
        })
        .collect();
    let total_error = ballot.wrong_total(locale);
    let last = ballot.last.is_some();
    let known = ballot.known.is_some();
    let (id, newcomer) = (ballot.id, ballot.newcomer);
    // Segments never overflow the bar, whatever was typed.
    let drawn = if given <= u32::from(WHOLE) { points } else { vec![0; points.len()] };
    view! {
        <form id="presets" method="get" action=path.clone() hidden=true></form>
        <Allocator>
            <form
                class="ballot"
                method="post"
                action=path
                novalidate=true
                autocomplete="off"
                data-budget=budget.slug
                data-results=locale.href("/results/")
                data-decimal=locale.language().decimal_mark()
                {..sentences(locale)}
            >
                <input type="hidden" name="id" value=id />
                {newcomer.map(|newcomer| view! { <input type="hidden" name="newcomer" value=newcomer /> })}
                {total_error
                    .map(|message| {
                        view! {
                            <Notice tone=Tone::Bad title=say!(locale, "allocate-not-whole", whole = locale.whole_percent(100))>
                                <p id="error-points">{message}</p>
                            </Notice>
                        }
                    })}
                <p class="unscripted small muted">{say!(locale, "allocate-unscripted")}</p>
                <Tools actual=actual last=last />
                <Tax currency=budget.currency />
                <ol class="shares">{rows}</ol>
                {(!known)
                    .then(|| {
                        view! {
                            <div class="check">
                                <input type="checkbox" id="consent" name="consent" value="yes" />
                                <label for="consent">
                                    {say!(locale, "allocate-remember")} " "
                                    <span class="muted">{say!(locale, "allocate-alone")}</span>
                                </label>
                            </div>
                        }
                    })}
                <Dock points=drawn left=left />
                <p class="hush" role="status" data-part="voice"></p>
            </form>
        </Allocator>
    }
    .into_any()
}
