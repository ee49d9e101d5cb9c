//! The bar of the whole, what is left, and the button: always in view.

use crate::{components::Whole, locale::Locale, say};
use leptos::prelude::*;

#[component]
pub(crate) fn Dock(points: Vec<u16>, left: u16) -> AnyView {
    let locale = Locale::here();
    let (amount, hint) = if left == 0 {
        (say!(locale, "allocate-complete", whole = locale.whole_percent(100)), say!(locale, "allocate-ready"))
    } else {
        (say!(locale, "allocate-left", left = locale.percent(left)), say!(locale, "allocate-go-on"))
    };
    view! {
        <div class="dock">
            <Whole points=points />
            <div class="dock-left">
                <span class="dock-amount scripted" data-part="amount">
                    {amount}
                </span>
                <span class="dock-hint scripted">
                    <span data-part="hint">{hint}</span>
                    " "
                    <button class="button button-link" type="button" data-do="balance" hidden=true>
                        {say!(locale, "allocate-turn-on")}
                    </button>
                </span>
                <span class="unscripted small muted">{say!(locale, "allocate-together", whole = locale.whole_percent(100))}</span>
            </div>
            <button class="button button-main submit" type="submit" data-incomplete=(left > 0).then_some("")>
                {say!(locale, "allocate-submit")}
            </button>
        </div>
    }
    .into_any()
}
