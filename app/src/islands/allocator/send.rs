//! Sending the ballot: through the device's outbox, or as the plain form that it is.

use super::{
    actions::Desk,
    draft,
    outbox::{self, Outcome},
};
use leptos::{prelude::*, task::spawn_local};

/// Sends the ballot, then goes to its results or to where it waits.
pub(super) fn send(desk: Desk) {
    let board = &desk.board;
    board.submit.set_disabled(true);
    board.explain(&board.words.say("sending"), false, false);
    let points = desk.ballot.with_untracked(|ballot| json(&board.categories(), ballot.points()));
    spawn_local(async move {
        match outbox::send(&desk.board.form, &points).await {
            Some(Outcome::Go(address)) => leave_for(&desk, &address),
            Some(Outcome::Kept(sentence)) => kept(&desk, &sentence),
            Some(Outcome::Refused(sentence)) => refused(&desk, &sentence),
            // The device keeps nothing: the form says all of it, and the answer is the next page. The draft stays, in
            // case there is none.
            None => _ = desk.board.form.submit(),
        }
    });
}

/// Slugs need no escaping.
fn json(categories: &[&str], points: &[u16]) -> String {
    let mut text = String::from("{");
    for (category, points) in categories.iter().zip(points) {
        let comma = if text.len() > 1 { "," } else { "" };
        for part in [comma, "\"", category, "\":", &points.to_string()] {
            text.push_str(part);
        }
    }
    text.push('}');
    text
}

/// The ballot is in good hands: there is no draft of it any more.
fn leave_for(desk: &Desk, address: &str) {
    desk.hush();
    desk.sent.set(true);
    draft::forget(&desk.board.budget);
    let _ = window().location().assign(address);
}

/// The device keeps it and sends it later, and nothing leads there: the form is free for another one.
fn kept(desk: &Desk, sentence: &str) {
    desk.sending.set(false);
    desk.hush();
    draft::forget(&desk.board.budget);
    desk.ballot.update(|ballot| _ = ballot.clear());
    desk.board.explain(sentence, false, false);
    desk.board.speak(sentence);
}

/// Says why it is not taken and lets the person decide.
fn refused(desk: &Desk, sentence: &str) {
    let board = &desk.board;
    desk.sending.set(false);
    desk.hush();
    desk.keep();
    board.submit.set_disabled(false);
    board.explain(sentence, true, false);
    board.speak(sentence);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_an_object_by_category() {
        assert_eq!(json(&["a", "b-c"], &[2500, 7500]), r#"{"a":2500,"b-c":7500}"#);
    }
}
