//! The controls of one category.

use super::words::Words;
use crate::area::corners;
use domain::{
    WHOLE,
    percent::{format_points, parse_percent},
};
use leptos::wasm_bindgen::JsCast;
use std::cell::Cell;
use web_sys::{Element, HtmlInputElement};

/// Steps of a slider, in points.
const STEP: u16 = 50;

/// Handles of the elements of one category.
pub(super) struct Row {
    pub(super) category: String,
    pub(super) name: String,
    pub(super) range: HtmlInputElement,
    pub(super) number: HtmlInputElement,
    /// Really spent, in points.
    pub(super) actual: Option<u16>,
    /// Given last time, in points.
    pub(super) last: Option<u16>,
    fill: Element,
    lock: Element,
    steps: [Element; 2],
    segment: Element,
    /// What is wrong with the number.
    error: Element,
    /// The number field holds something that is no number: it is kept until somebody does something about it.
    unread: Cell<bool>,
    /// What the attributes say: on a slow phone each costs, so that only news is written.
    shown: Cell<Option<Shown>>,
}

/// What a row shows.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub(super) points: u16,
    /// Where its segment of the whole begins, in points.
    pub(super) start: u16,
    /// What is left to give, in points.
    pub(super) left: u16,
    pub(super) locked: bool,
}

/// The first descendant that matches.
pub(super) fn find<T: JsCast>(root: &Element, selector: &str) -> Option<T> {
    root.query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// Sets an attribute. An element that is gone from the page is not worth a word.
pub(super) fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// As attributes of ARIA have it.
pub(super) const fn truth(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}

impl Row {
    /// From the row's element and its segment of the whole.
    pub(super) fn of(element: &Element, segment: Element) -> Option<Self> {
        let points = |name: &str| element.get_attribute(name)?.parse().ok();
        let number: HtmlInputElement = find(element, "input[type=text]")?;
        Some(Self {
            unread: Cell::new(parse_percent(&number.value()).is_err()),
            error: find(element, "[id^=error-]")?,
            category: element.get_attribute("data-category")?,
            name: element.get_attribute("data-name")?,
            range: find(element, "input[type=range]")?,
            number,
            actual: points("data-actual"),
            last: points("data-last"),
            fill: find(element, ".fill")?,
            lock: find(element, "[data-do=lock]")?,
            steps: [find(element, "[data-do=less]")?, find(element, "[data-do=more]")?],
            segment,
            shown: Cell::new(None),
        })
    }

    /// What the controls say before the island has touched them: a slider that was moved before its code
    /// arrived counts, else the number field, which the browser may have filled in again after a reload.
    pub(super) fn given(&self) -> u16 {
        let moved = self.is_moved() && self.number.value() == self.number.default_value();
        parse_percent(&if moved { self.range.value() } else { self.number.value() }).unwrap_or(0)
    }

    /// Whether somebody changed a control before the island was there.
    pub(super) fn is_touched(&self) -> bool {
        self.is_moved() || self.number.value() != self.number.default_value()
    }

    /// Whether the slider is elsewhere than the browser put it: it shows 12.34 % on its nearest step, 12.5 %.
    fn is_moved(&self) -> bool {
        let points = |text: &str| parse_percent(text).unwrap_or(0);
        let first = (points(&self.range.default_value()) + STEP / 2) / STEP * STEP;
        points(&self.range.value()) != first
    }

    /// Whether the number field holds something that is no number.
    pub(super) fn is_unread(&self) -> bool {
        self.unread.get()
    }

    /// Whether it says so already.
    pub(super) fn is_marked(&self) -> bool {
        self.number.get_attribute("aria-invalid").is_some()
    }

    /// What was typed is no number: it stays as it is, with `sentence` beside it.
    pub(super) fn reject(&self, sentence: &str) {
        self.unread.set(true);
        set(&self.number, "aria-invalid", "true");
        self.error.set_text_content(Some(sentence));
        let _ = self.error.remove_attribute("hidden");
    }

    /// Somebody set the category: what was wrong with the number before no longer matters.
    pub(super) fn settle_error(&self) {
        if self.unread.replace(false) {
            let _ = self.number.remove_attribute("aria-invalid");
            // It describes the field, which it would do hidden too.
            self.error.set_text_content(None);
            set(&self.error, "hidden", "");
        }
    }

    /// Writes the state of the category. The number is left alone while somebody types in it.
    pub(super) fn show(&self, now: Shown, typing: bool, words: &Words) {
        let before = self.shown.replace(Some(now));
        let is_new = |part: fn(Shown) -> u16| before.map(part) != Some(part(now));
        let share = words.percent(now.points);
        // People change these two themselves, so that what was written last says nothing.
        self.range.set_value(&format_points(now.points));
        if !typing && !self.unread.get() {
            self.number.set_value(&share);
        }
        if is_new(|now| now.points) || is_new(|now| now.left) {
            set(&self.range, "aria-valuetext", &words.value(&self.name, &share, now.left));
        }
        if is_new(|now| now.points) {
            set(&self.fill, "x2", &now.points.to_string());
        }
        if is_new(|now| now.points) || is_new(|now| now.start) {
            set(&self.segment, "points", &corners(now.start, now.points));
        }
        if is_new(|now| now.locked.into()) {
            set(&self.lock, "aria-pressed", truth(now.locked));
            self.range.set_disabled(now.locked);
            self.number.set_read_only(now.locked);
        }
        for (step, end) in self.steps.iter().zip([0, WHOLE]) {
            let stuck = |row: Shown| row.locked || row.points == end;
            if before.map(stuck) != Some(stuck(now)) {
                set(step, "aria-disabled", truth(stuck(now)));
            }
        }
    }
}
