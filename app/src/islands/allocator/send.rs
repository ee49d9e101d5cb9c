//! Sending the ballot. The id of the form makes it safe to send the same again.

use super::{actions::Desk, draft};
use crate::api::{SubmitFailure, submit_allocation};
use leptos::{leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};
use std::time::Duration;

/// After a lost connection it is tried again so many times.
const RETRIES: u32 = 3;

/// Sends the ballot, then goes to its results.
pub(super) fn send(desk: Desk, attempt: u32) {
    let board = &desk.board;
    board.submit.set_disabled(true);
    board.explain(&board.words.say("sending"), false, false);
    let points = desk.ballot.with_untracked(|ballot| {
        board.categories().into_iter().map(str::to_owned).zip(ballot.points().iter().map(|&p| i64::from(p))).collect()
    });
    let remember = board.remember.as_ref().is_some_and(|input| input.checked());
    let call = submit_allocation(board.budget.clone(), board.id.value(), points, remember, board.language.clone());
    spawn_local(async move {
        match call.await {
            Ok(taken) => {
                desk.hush();
                desk.sent.set(true);
                draft::forget(&desk.board.budget);
                let _ = window().location().assign(&[&*desk.board.results, &taken.id].concat());
            }
            Err(SubmitFailure::Unreachable) if attempt < RETRIES => {
                desk.board.explain(&desk.board.words.say("retrying"), true, false);
                let pause = Duration::from_millis(500 << attempt);
                set_timeout(move || send(desk, attempt + 1), pause);
            }
            Err(failure) => give_up(&desk, failure),
        }
    });
}

/// Says what failed and lets the person decide.
fn give_up(desk: &Desk, failure: SubmitFailure) {
    let board = &desk.board;
    let words = &board.words;
    let sentence = match failure {
        SubmitFailure::Used { fresh_id } => {
            board.id.set_value(&fresh_id);
            words.say("used")
        }
        SubmitFailure::RateLimited { seconds } => words.fill("rate-limited", &[&seconds.div_ceil(60).to_string()]),
        SubmitFailure::Busy => words.say("busy"),
        SubmitFailure::Closed => words.say("closed"),
        SubmitFailure::Unreachable => words.say("unreachable"),
        SubmitFailure::Invalid { message } => message,
        SubmitFailure::Failed => words.say("failed"),
    };
    desk.sending.set(false);
    desk.hush();
    desk.keep();
    board.submit.set_disabled(false);
    board.explain(&sentence, true, false);
    board.speak(&sentence);
}
