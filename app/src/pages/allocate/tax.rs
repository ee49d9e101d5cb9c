//! What the shares are in money, for whoever wants to know.

use leptos::prelude::*;

/// The sum is for the page's script alone: it has no name and belongs to no form, so that nothing sends it.
#[component]
pub(crate) fn Tax(
    /// ISO 4217 code.
    currency: String,
) -> AnyView {
    view! {
        <details class="tax scripted">
            <summary class="more">"See the shares in money"</summary>
            <div class="stack stack-tight">
                <label for="tax">"My yearly tax"</label>
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
                    "Write an amount, such as 12,000."
                </p>
                <p class="small muted" id="about-tax">
                    "The amounts are for you alone: what you type stays on this device and is never sent."
                </p>
            </div>
        </details>
    }
    .into_any()
}
