//! One batch until it has outcomes: repeat what may be repeated, bisect around a bad row.

use super::WriteError;
use crate::port::{Clock, CommitError, NewSubmission, Outcome, Store, StoreError, Version};
use std::{
    collections::VecDeque,
    ops::Range,
    time::{Duration, Instant},
};

/// Repetitions of an identical batch before its requests are told to come back later.
const ATTEMPTS: u32 = 8;
/// No repetition begins later than this: who waits longer for a page has given up.
const PATIENCE: Duration = Duration::from_secs(5);
/// Doubles with each repetition.
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// Commits the batch; one outcome per submission, in order. Never panics on what a store answers.
pub(super) async fn commit_batch(
    store: &dyn Store,
    clock: &dyn Clock,
    batch: &[NewSubmission],
) -> Vec<Result<Outcome, WriteError>> {
    let mut outcomes = vec![Err(WriteError::Failed); batch.len()];
    let mut parts: VecDeque<Range<usize>> = VecDeque::new();
    parts.push_back(0..batch.len());
    while let Some(part) = parts.pop_front() {
        match commit_part(store, clock, &batch[part.clone()]).await {
            Ok(part_outcomes) => {
                for (slot, outcome) in outcomes[part].iter_mut().zip(part_outcomes) {
                    *slot = Ok(outcome);
                }
            }
            Err(CommitError::Rejected(reason)) if part.len() > 1 => {
                tracing::warn!(rows = part.len(), reason, "the database refuses a row of the batch; bisecting");
                let middle = part.start + part.len() / 2;
                parts.push_front(middle..part.end);
                parts.push_front(part.start..middle);
            }
            Err(error) => {
                tracing::error!(rows = part.len(), %error, "a batch was not committed");
                let failure = match error {
                    CommitError::OutcomeUnknown(_) | CommitError::NotCommitted(StoreError::Unavailable(_)) => {
                        WriteError::Unavailable
                    }
                    CommitError::NotCommitted(_) | CommitError::Rejected(_) => WriteError::Failed,
                };
                outcomes[part].fill(Err(failure));
            }
        }
    }
    outcomes
}

/// Repeats the identical batch while the database is away: ids decide, so a batch that was committed after
/// all answers with the same versions.
async fn commit_part(
    store: &dyn Store,
    clock: &dyn Clock,
    batch: &[NewSubmission],
) -> Result<Vec<Outcome>, CommitError> {
    let (mut pause, begun) = (FIRST_PAUSE, Instant::now());
    let first = Version(clock.now().as_micros());
    let mut unknown = false;
    for attempt in 1.. {
        match store.commit(batch, clock.now()).await {
            Ok(outcomes) if unknown => {
                return Ok(outcomes.into_iter().map(|outcome| own_answer(outcome, first)).collect());
            }
            Ok(outcomes) => return Ok(outcomes),
            Err(error) => {
                let repeatable = matches!(
                    error,
                    CommitError::OutcomeUnknown(_) | CommitError::NotCommitted(StoreError::Unavailable(_))
                );
                unknown |= matches!(error, CommitError::OutcomeUnknown(_));
                if !repeatable || attempt >= ATTEMPTS || begun.elapsed() >= PATIENCE {
                    return Err(error);
                }
                tracing::warn!(attempt, %error, "repeating a batch");
            }
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
    Ok(Vec::new())
}

/// After an unknown outcome our own rows come back as replays of themselves; an earlier row of the same id
/// has a version from before our first attempt.
fn own_answer(outcome: Outcome, first: Version) -> Outcome {
    match outcome {
        Outcome::Replayed { version, counted } if version >= first => {
            if counted {
                Outcome::Counted { version }
            } else {
                Outcome::Superseded { version }
            }
        }
        other => other,
    }
}
