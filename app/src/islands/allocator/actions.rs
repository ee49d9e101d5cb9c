//! What each event does to the ballot.

use super::{board::Board, draft, send};
use domain::{
    engine::{Ballot, Change, Stop},
    percent::parse_percent,
};
use leptos::{
    leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle},
    prelude::*,
    wasm_bindgen::JsCast,
};
use std::{cell::Cell, rc::Rc, time::Duration};
use web_sys::{Element, Event, HtmlInputElement, KeyboardEvent};

/// A step of minus, plus and the arrow keys, in points.
const STEP: i32 = 50;
/// A step of page up and page down.
const LEAP: i32 = 500;
/// A change has settled after this long without another.
const SETTLED: Duration = Duration::from_millis(800);

/// The form, the ballot in it, and what is going on with them.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) board: Rc<Board>,
    pub(super) ballot: RwSignal<Ballot, LocalStorage>,
    /// The category in whose number field somebody types.
    typing: Rc<Cell<Option<usize>>>,
    /// The slider that is being dragged, and where it was before.
    dragging: Rc<Cell<Option<(usize, u16)>>>,
    settling: Rc<Cell<Option<TimeoutHandle>>>,
    /// The last change ended before it was where somebody wanted it.
    stopped: Rc<Cell<bool>>,
    pub(super) sending: Rc<Cell<bool>>,
    /// It was taken: there is no draft to keep any more.
    pub(super) sent: Rc<Cell<bool>>,
}

impl Desk {
    /// Takes over the form inside `root`.
    pub(super) fn open(root: &Element) -> Option<Self> {
        let board = Board::of(root)?;
        let ballot = first_ballot(&board);
        let desk = Self {
            board: Rc::new(board),
            ballot: RwSignal::new_local(ballot),
            typing: Rc::default(),
            dragging: Rc::default(),
            settling: Rc::default(),
            stopped: Rc::default(),
            sending: Rc::default(),
            sent: Rc::default(),
        };
        let shown = desk.clone();
        Effect::new(move |_| shown.ballot.with(|ballot| shown.board.show(ballot, shown.typing.get())));
        desk.board.ready();
        // It may have been typed before this code arrived.
        for row in desk.board.rows.iter().filter(|row| row.is_unread() && !row.is_marked()) {
            row.reject(&desk.board.words.say("unreadable"));
        }
        // The browser may keep this page as it is for its back button: then it must not still be sending.
        let left = desk.clone();
        let _ = window_event_listener(leptos::ev::pagehide, move |_| left.leave());
        desk.ballot.with_untracked(|ballot| desk.explain(ballot));
        Some(desk)
    }

    /// A slider moves, a number is typed, or the switch is switched.
    pub(super) fn input(&self, event: &Event) {
        if let Some(tax) = target::<HtmlInputElement>(event).filter(|input| self.board.tax.is(input)) {
            return self.ballot.with_untracked(|ballot| self.board.tax.typed(&tax.value(), ballot));
        }
        let Some((input, index)) = self.aimed(event) else { return };
        self.typing.set((input.type_() == "text").then_some(index));
        let wanted = match parse_percent(&input.value()) {
            Ok(points) => points,
            // Half-typed numbers are not errors yet; `change` has the last word.
            Err(_) => return,
        };
        self.settle_error(Some(index));
        self.ballot.update(|ballot| {
            let change = ballot.set(index, wanted);
            self.report(ballot, change);
        });
    }

    /// A slider was let go, or a number field was left.
    pub(super) fn change(&self, event: &Event) {
        if let Some(auto) = target::<HtmlInputElement>(event).filter(|input| *input == self.board.auto) {
            self.ballot.update(|ballot| _ = ballot.set_auto_balance(auto.checked()));
            return self.settle();
        }
        if target::<HtmlInputElement>(event).is_some_and(|input| self.board.tax.is(&input)) {
            return self.board.tax.complain();
        }
        let Some((input, index)) = self.aimed(event) else { return };
        let wrong = self.board.rows.get(index).filter(|_| parse_percent(&input.value()).is_err());
        if let Some(row) = wrong {
            // The last number counts until this one is mended.
            row.reject(&self.board.words.say("unreadable"));
        }
        self.typing.set(None);
        self.ballot.update(|ballot| {
            ballot.end_gesture();
            if wrong.is_some() {
                self.explain(ballot);
            }
        });
        self.settle();
    }

    /// A button.
    pub(super) fn click(&self, event: &Event) {
        let Some(button) = target::<Element>(event).and_then(|e| e.closest("[data-do]").ok().flatten()) else { return };
        event.prevent_default();
        let index = row_of(&button);
        let board = &self.board;
        let known = |points: fn(&super::row::Row) -> Option<u16>| -> Option<Vec<u16>> {
            board.rows.iter().map(points).collect()
        };
        self.typing.set(None);
        self.settle_error(index);
        self.ballot.update(|ballot| {
            let mut change = None;
            match (button.get_attribute("data-do").as_deref(), index) {
                (Some("less"), Some(index)) => change = Some(ballot.step(index, -STEP)),
                (Some("more"), Some(index)) => change = Some(ballot.step(index, STEP)),
                (Some("lock"), Some(index)) => _ = ballot.toggle_lock(index),
                (Some("undo"), _) => _ = ballot.undo(),
                (Some("redo"), _) => _ = ballot.redo(),
                (Some("even"), _) => _ = ballot.even_split(),
                (Some("clear"), _) => _ = ballot.clear(),
                (Some("actual"), _) => _ = known(|row| row.actual).map(|points| ballot.actual(&points)),
                (Some("last"), _) => _ = known(|row| row.last).map(|points| ballot.restore(&points)),
                (Some("balance"), _) => _ = ballot.set_auto_balance(true),
                _ => {}
            }
            match change {
                Some(change) => self.report(ballot, change),
                None => self.explain(ballot),
            }
        });
        self.settle();
    }

    /// Page keys on a slider or in a number field; undo and redo anywhere but while somebody types: the field then has
    /// its own.
    pub(super) fn key(&self, event: &Event) {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        if (key.ctrl_key() || key.meta_key()) && matches!(key.key().as_str(), "z" | "Z" | "y") {
            let input = target::<HtmlInputElement>(event).filter(|input| input.type_() == "text");
            if input.is_some_and(|input| self.typing.get().is_some() || row_of(&input).is_none()) {
                return;
            }
            event.prevent_default();
            self.settle_error(None);
            let back = key.key() == "z" && !key.shift_key();
            self.ballot.update(|ballot| {
                _ = if back { ballot.undo() } else { ballot.redo() };
                self.explain(ballot);
            });
            return self.settle();
        }
        let by = match key.key().as_str() {
            "PageUp" => LEAP,
            "PageDown" => -LEAP,
            _ => return,
        };
        if let Some((_, index)) = self.aimed(event) {
            event.prevent_default();
            self.settle_error(Some(index));
            // The field shows the number that came of it, not the one that was typed.
            self.typing.set(None);
            self.ballot.update(|ballot| {
                ballot.end_gesture();
                let change = ballot.step(index, by);
                self.report(ballot, change);
            });
            self.settle();
        }
    }

    /// A drag begins: all its moves are one step to undo.
    pub(super) fn press(&self, event: &Event) {
        if let Some((_, index)) = self.aimed(event).filter(|(input, _)| input.type_() == "range") {
            self.dragging.set(self.ballot.with_untracked(|b| b.points().get(index).map(|&points| (index, points))));
            self.ballot.update_untracked(Ballot::begin_gesture);
        }
    }

    /// A drag ends.
    pub(super) fn release(&self, _: &Event) {
        self.dragging.set(None);
        self.ballot.update_untracked(Ballot::end_gesture);
    }

    /// The browser took the finger for scrolling: the slider goes back to where it was.
    pub(super) fn cancel(&self, _: &Event) {
        if let Some((index, points)) = self.dragging.take() {
            self.ballot.update(|ballot| {
                ballot.set(index, points);
                ballot.end_gesture();
            });
            self.settle();
        }
    }

    /// The form is submitted.
    pub(super) fn submit(&self, event: &Event) {
        event.prevent_default();
        if self.ballot.with_untracked(|ballot| self.board.is_ready(ballot)) && !self.sending.replace(true) {
            send::send(self.clone());
        }
    }

    /// The page is left: nothing that was changed is lost, and it can be used again when somebody comes back.
    fn leave(&self) {
        self.sending.set(false);
        let changed = self.ballot.with_untracked(|ballot| ballot.can_undo() || ballot.can_redo());
        if !self.sent.take() && changed {
            self.keep();
        }
        self.ballot.with_untracked(|ballot| {
            self.board.show(ballot, None);
            self.explain(ballot);
        });
    }

    /// Keeps the draft as it is now.
    pub(super) fn keep(&self) {
        let board = &self.board;
        self.ballot.with_untracked(|ballot| draft::keep(&board.budget, ballot, &board.categories()));
    }

    /// Somebody set one category, or all: what was wrong with the numbers before no longer matters.
    fn settle_error(&self, index: Option<usize>) {
        for (i, row) in self.board.rows.iter().enumerate() {
            if index.is_none_or(|index| index == i) {
                row.settle_error();
            }
        }
    }

    /// Nothing is said any more about the change before.
    pub(super) fn hush(&self) {
        if let Some(before) = self.settling.take() {
            before.clear();
        }
    }

    /// The input that an event is about, and the position of its category.
    fn aimed(&self, event: &Event) -> Option<(HtmlInputElement, usize)> {
        let input = target::<HtmlInputElement>(event)?;
        let index = row_of(&input)?;
        Some((input, index))
    }

    /// Explains why a slider stopped where it did.
    fn report(&self, ballot: &Ballot, change: Change) {
        let (sentence, offer) = match change.stopped {
            None | Some(Stop::NoSuchCategory) => return self.explain(ballot),
            Some(Stop::NothingLeft) => ("nothing-left", true),
            Some(Stop::Locked) => ("locked", false),
            Some(Stop::OthersLocked) => ("others-locked", false),
        };
        self.stopped.set(true);
        self.board.explain(&self.board.words.say(sentence), false, offer);
    }

    /// The ordinary explanation: what to do next.
    fn explain(&self, ballot: &Ballot) {
        self.stopped.set(false);
        if let Some(complaint) = self.board.complaint() {
            return self.board.explain(&complaint, true, false);
        }
        let sentence = if ballot.is_complete() { "ready" } else { "go-on" };
        self.board.explain(&self.board.words.say(sentence), false, false);
    }

    /// Once nothing changes any more: keeps the draft and speaks.
    fn settle(&self) {
        let desk = self.clone();
        let settled = move || {
            desk.keep();
            let amount = || desk.ballot.with_untracked(|ballot| desk.board.amount(ballot));
            let mut said = desk.board.complaint().unwrap_or_else(amount);
            if desk.stopped.get() {
                said = [&said, ". ", &desk.board.hint()].concat();
            }
            desk.board.speak(&said);
        };
        self.hush();
        self.settling.set(set_timeout_with_handle(settled, SETTLED).ok());
    }
}

/// The form's own values; or the draft, if the form is blank and nobody has touched it.
fn first_ballot(board: &Board) -> Ballot {
    let mut ballot = Ballot::new(board.rows.len());
    for (i, row) in board.rows.iter().enumerate() {
        ballot.set(i, row.given());
    }
    let untouched = !board.rows.iter().any(super::row::Row::is_touched);
    let categories = board.categories();
    if ballot.total() == 0
        && untouched
        && let Some(draft) = draft::load(&board.budget, &categories)
    {
        return draft;
    }
    // What the form says is where undo ends.
    draft::without_history(ballot, &categories)
}

fn target<T: JsCast>(event: &Event) -> Option<T> {
    event.target()?.dyn_into().ok()
}

/// The position of the category that an element belongs to.
fn row_of(element: &Element) -> Option<usize> {
    element.closest(".share").ok().flatten()?.get_attribute("data-index")?.parse().ok()
}
