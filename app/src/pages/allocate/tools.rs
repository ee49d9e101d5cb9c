//! Presets, undo and redo, and the switch for auto-balance.

use crate::components::{Icon, Shape};
use leptos::prelude::*;

/// The presets are buttons of a form of their own, so that they work without any script.
#[component]
pub(crate) fn Tools(actual: bool, last: bool) -> AnyView {
    let preset = |value: &'static str, name: &'static str| {
        view! {
            <button class="button button-small" type="submit" form="presets" name="preset" value=value data-do=value>
                {name}
            </button>
        }
    };
    view! {
        <div class="tools">
            <div class="row" role="group" aria-label="Start from">
                {preset("even", "Even split")}
                {actual.then(|| preset("actual", "Actual spending"))}
                {last.then(|| preset("last", "My last one"))}
                {preset("clear", "Clear")}
            </div>
            <div class="row scripted">
                <button class="button button-square" type="button" data-do="undo" aria-disabled="true" aria-label="Undo">
                    <Icon shape=Shape::Undo />
                </button>
                <button class="button button-square" type="button" data-do="redo" aria-disabled="true" aria-label="Redo">
                    <Icon shape=Shape::Redo />
                </button>
                <label class="switch">
                    <input type="checkbox" role="switch" data-part="auto" disabled=true autocomplete="off" />
                    "Auto-balance"
                </label>
            </div>
            {actual
                .then(|| {
                    view! {
                        <label class="switch">
                            <input type="checkbox" role="switch" data-part="show-actual" checked=true autocomplete="off" />
                            "Show actual spending"
                        </label>
                    }
                })}
        </div>
    }
    .into_any()
}
