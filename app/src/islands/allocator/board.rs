//! The form as the island sees it: handles of its parts, read once, written after every change.

use super::{
    row::{Row, Shown, find, set, truth},
    tax::Tax,
    words::Words,
};
use crate::area::corners;
use domain::{WHOLE, engine::Ballot};
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlButtonElement, HtmlFormElement, HtmlInputElement};

/// Handles of the parts of the form.
pub(super) struct Board {
    pub(super) form: HtmlFormElement,
    pub(super) budget: String,
    pub(super) rows: Vec<Row>,
    pub(super) tax: Tax,
    pub(super) words: Words,
    pub(super) id: HtmlInputElement,
    pub(super) submit: HtmlButtonElement,
    pub(super) auto: HtmlInputElement,
    undo: Element,
    redo: Element,
    rest: Element,
    amount: Element,
    hint: Element,
    balance: Element,
    voice: Element,
}

impl Board {
    /// Reads the form inside `root`; `None` if it is not the form that this code knows.
    pub(super) fn of(root: &Element) -> Option<Self> {
        let form: HtmlFormElement = find(root, "form.ballot")?;
        let mut rows = Vec::new();
        let list = form.query_selector_all(".share").ok()?;
        let segments = form.query_selector_all(".segment").ok()?;
        for i in 0..list.length() {
            rows.push(Row::of(&list.item(i)?.dyn_into().ok()?, segments.item(i)?.dyn_into().ok()?)?);
        }
        Some(Self {
            budget: form.get_attribute("data-budget")?,
            rows,
            tax: Tax::of(&form)?,
            words: Words::of(&form),
            id: find(&form, "input[name=id]")?,
            submit: find(&form, ".submit")?,
            auto: find(&form, "[data-part=auto]")?,
            undo: find(&form, "[data-do=undo]")?,
            redo: find(&form, "[data-do=redo]")?,
            rest: find(&form, ".rest")?,
            amount: find(&form, "[data-part=amount]")?,
            hint: find(&form, "[data-part=hint]")?,
            balance: find(&form, "[data-do=balance]")?,
            voice: find(&form, "[data-part=voice]")?,
            form,
        })
    }

    /// The categories' slugs, in order.
    pub(super) fn categories(&self) -> Vec<&str> {
        self.rows.iter().map(|row| row.category.as_str()).collect()
    }

    /// Tells styles and tests that the controls work now.
    pub(super) fn ready(&self) {
        for element in [&self.auto, &self.id] {
            element.set_disabled(false);
        }
        set(&self.form, "data-ready", "");
    }

    /// Writes the whole ballot, except for the number field of the category that somebody types in.
    pub(super) fn show(&self, ballot: &Ballot, typing: Option<usize>) {
        let (mut start, left) = (0, ballot.left());
        for (i, (row, &points)) in self.rows.iter().zip(ballot.points()).enumerate() {
            row.show(Shown { points, start, left, locked: ballot.is_locked(i) }, typing == Some(i), &self.words);
            start += points;
        }
        self.tax.show(ballot);
        set(&self.rest, "points", &corners(start, WHOLE - start));
        let enabled = |element: &Element, yes: bool| set(element, "aria-disabled", truth(!yes));
        enabled(&self.undo, ballot.can_undo());
        enabled(&self.redo, ballot.can_redo());
        self.auto.set_checked(ballot.auto_balance());
        self.submit.set_disabled(!self.is_ready(ballot));
        self.amount.set_text_content(Some(&self.amount(ballot)));
    }

    /// Whether the ballot can be sent: it is whole, and every field shows it.
    pub(super) fn is_ready(&self, ballot: &Ballot) -> bool {
        ballot.is_complete() && !self.rows.iter().any(Row::is_unread)
    }

    /// Which number stands in the way, in words.
    pub(super) fn complaint(&self) -> Option<String> {
        let row = self.rows.iter().find(|row| row.is_unread())?;
        Some(self.words.fill("mend", &[&row.name]))
    }

    /// What is left, in words.
    pub(super) fn amount(&self, ballot: &Ballot) -> String {
        match ballot.left() {
            0 => self.words.say("complete"),
            left => self.words.fill("left", &[&self.words.percent(left)]),
        }
    }

    /// Explains below what is left; `offer` shows the button that switches auto-balance on.
    pub(super) fn explain(&self, sentence: &str, bad: bool, offer: bool) {
        self.hint.set_text_content(Some(sentence));
        set(&self.hint, "data-tone", if bad { "bad" } else { "" });
        if offer {
            let _ = self.balance.remove_attribute("hidden");
        } else {
            set(&self.balance, "hidden", "");
        }
    }

    /// What stands below what is left, with the button that it may offer.
    pub(super) fn hint(&self) -> String {
        let text = |element: &Element| element.text_content().unwrap_or_default();
        let offer = if self.balance.has_attribute("hidden") { String::new() } else { text(&self.balance) };
        [&text(&self.hint), " ", &offer].concat()
    }

    /// Says it to screen readers, politely.
    pub(super) fn speak(&self, sentence: &str) {
        self.voice.set_text_content(Some(sentence));
    }
}
