//! Presets, undo and redo, and the switch for auto-balance.

use crate::{
    components::{Icon, Shape},
    locale::Locale,
    say,
};
use leptos::prelude::*;

/// The presets are buttons of a form of their own, so that they work without any script.
#[component]
pub(crate) fn Tools(actual: bool, last: bool) -> AnyView {
    let locale = Locale::here();
    let preset = |value: &'static str, name: String| {
        view! {
            <button class="button button-small" type="submit" form="presets" name="preset" value=value data-do=value>
                {name}
            </button>
        }
    };
    view! {
        <div class="tools">
            <div class="row" role="group" aria-label=say!(locale, "allocate-presets")>
                {preset("even", say!(locale, "allocate-even"))}
                {actual.then(|| preset("actual", say!(locale, "actual-spending")))}
                {last.then(|| preset("last", say!(locale, "allocate-last")))}
                {preset("clear", say!(locale, "allocate-clear"))}
            </div>
            <div class="row scripted">
                <button class="button button-square" type="button" data-do="undo" aria-disabled="true" aria-label=say!(locale, "allocate-undo")>
                    <Icon shape=Shape::Undo />
                </button>
                <button class="button button-square" type="button" data-do="redo" aria-disabled="true" aria-label=say!(locale, "allocate-redo")>
                    <Icon shape=Shape::Redo />
                </button>
                <label class="switch">
                    <input type="checkbox" role="switch" data-part="auto" disabled=true autocomplete="off" />
                    {say!(locale, "allocate-auto")}
                </label>
            </div>
            {actual
                .then(|| {
                    view! {
                        <label class="switch">
                            <input type="checkbox" role="switch" data-part="show-actual" checked=true autocomplete="off" />
                            {say!(locale, "allocate-show-actual")}
                        </label>
                    }
                })}
        </div>
    }
    .into_any()
}
