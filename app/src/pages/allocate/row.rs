//! One category: its name, its slider, its number.

use crate::{
    components::{Icon, Shape},
    locale::Locale,
    say,
};
use domain::{Category, WHOLE, percent::format_points};
use leptos::prelude::*;

#[component]
pub(crate) fn Row(
    index: usize,
    category: Category,
    /// What stands in the number field.
    value: String,
    /// The same in points.
    points: u16,
    /// Points that no category has.
    left: u16,
    /// What the visitor gave last time.
    last: Option<u16>,
    /// What is wrong with the value.
    error: Option<String>,
) -> AnyView {
    let locale = Locale::here();
    let Category { slug, name, description, actual_points, .. } = category;
    let actual = actual_points.map(|points| points.get());
    let (field, about, wrong) = (format!("points.{slug}"), format!("about-{slug}"), format!("error-{slug}"));
    let described = format!("{about} {wrong}");
    let invalid = error.is_some();
    let share = format_points(points);
    let spoken =
        say!(locale, "allocate-value", name = name.as_str(), share = locale.share(points), left = locale.share(left));
    let less = say!(locale, "allocate-less", name = name.as_str());
    let more = say!(locale, "allocate-more", name = name.as_str());
    let lock = say!(locale, "allocate-lock", name = name.as_str());
    view! {
        <li
            class=format!("share c-{index}")
            data-index=index
            data-category=slug
            data-name=name.clone()
            data-actual=actual
            data-last=last
        >
            <div>
                <label class="share-name" for=field.clone()>
                    <span class="swatch" aria-hidden="true"></span>
                    <span>
                        {name.clone()}
                        <span class="hush">{say!(locale, "allocate-unit")}</span>
                    </span>
                </label>
                <p class="share-about" id=about>
                    {description}
                </p>
                <p class="field-error" id=wrong hidden=!invalid>
                    {error.map(|error| format!("{error}."))}
                </p>
                {actual
                    .map(|actual| {
                        let actual = say!(locale, "allocate-row-actual", share = locale.percent(actual));
                        view! { <p class="share-actual">{actual}</p> }
                    })}
            </div>
            <div class="share-field percent">
                <input
                    type="text"
                    inputmode="decimal"
                    id=field.clone()
                    name=field
                    value=value
                    autocomplete="off"
                    aria-describedby=described
                    aria-invalid=invalid.then_some("true")
                />
                <span aria-hidden="true">"%"</span>
            </div>
            <span class="share-money scripted" data-part="money"></span>
            <div class="share-slide scripted">
                <button
                    class="button button-square"
                    type="button"
                    data-do="less"
                    aria-label=less
                    aria-disabled=(points == 0).then_some("true")
                >
                    <Icon shape=Shape::Minus />
                </button>
                <div class="slider">
                    <svg
                        class="slider-track"
                        viewBox="0 0 10000 44"
                        preserveAspectRatio="none"
                        aria-hidden="true"
                        focusable="false"
                    >
                        <line class="groove" x1="0" y1="22" x2="10000" y2="22" />
                        <line class="fill" x1="0" y1="22" x2=points y2="22" />
                        {actual
                            .map(|actual| view! { <line class="actual" x1=actual y1="3" x2=actual y2="41" /> })}
                    </svg>
                    <input
                        type="range"
                        min="0"
                        max="100"
                        step="0.5"
                        value=share
                        aria-label=name.clone()
                        aria-valuetext=spoken
                        autocomplete="off"
                    />
                </div>
                <button
                    class="button button-square"
                    type="button"
                    data-do="more"
                    aria-label=more
                    aria-disabled=(points == WHOLE).then_some("true")
                >
                    <Icon shape=Shape::Plus />
                </button>
                <button
                    class="button button-square share-lock"
                    type="button"
                    data-do="lock"
                    aria-pressed="false"
                    aria-label=lock
                >
                    <Icon shape=Shape::Open class="open" />
                    <Icon shape=Shape::Shut class="shut" />
                </button>
            </div>
        </li>
    }
    .into_any()
}
