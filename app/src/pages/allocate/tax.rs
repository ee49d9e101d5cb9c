//! What the shares are in money, for whoever wants to know.

use crate::{locale::Locale, say};
use leptos::prelude::*;

/// The sum is for the page's script alone: it has no name and belongs to no form, so that nothing sends it.
#[component]
pub(crate) fn Tax(
    /// ISO 4217 code.
    currency: String,
) -> AnyView {
    let locale = Locale::here();
    view! {
        <details class="tax scripted">
            <summary class="more">{say!(locale, "tax-show")}</summary>
            <div class="stack stack-tight">
                <label for="tax">{say!(locale, "tax-label")}</label>
                <span class="percent money">
                    <input
                        type="text"
                        inputmode="decimal"
                        id="tax"
                        form=""
                        data-part="tax"
                        data-currency=currency.clone()
                        autocomplete="off"
                        aria-describedby="about-tax wrong-tax"
                    />
                    <span>{currency}</span>
                </span>
                <p class="field-error" id="wrong-tax" hidden=true>
                    {say!(locale, "tax-wrong", example = 12_000)}
                </p>
                <p class="small muted" id="about-tax">
                    {say!(locale, "tax-about")}
                </p>
            </div>
        </details>
    }
    .into_any()
}
