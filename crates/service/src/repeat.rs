//! Changes whose outcome is unknown.

use crate::port::{StoreError, StoreResult};
use std::time::Duration;

/// Repetitions before the caller is told that the outcome is unknown.
const ATTEMPTS: u32 = 5;
/// Doubles with each repetition.
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// Makes a change, and repeats it as long as nobody knows whether it was made. Every change of the
/// [`Store`](crate::port::Store) port may be repeated; its documentation says what the repetition answers.
///
/// # Errors
/// What the last attempt says; `Unavailable` only when no attempt can have made it.
pub async fn repeated<T, F: Future<Output = StoreResult<T>>>(change: impl Fn() -> F) -> StoreResult<T> {
    let (mut pause, mut unknown) = (FIRST_PAUSE, false);
    for attempt in 1.. {
        let done = change().await;
        unknown |= matches!(done, Err(StoreError::OutcomeUnknown(_)));
        match done {
            Err(error @ (StoreError::OutcomeUnknown(_) | StoreError::Unavailable(_))) if unknown => {
                if attempt >= ATTEMPTS {
                    return Err(StoreError::OutcomeUnknown(error.to_string()));
                }
                tracing::warn!(attempt, %error, "repeating a change");
            }
            done => return done,
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
    Err(StoreError::OutcomeUnknown("it was repeated in vain".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// Answers what the `n`th attempt (from 1) says, and how many there were.
    async fn attempts(answer: impl Fn(u32) -> StoreResult<u32>) -> (StoreResult<u32>, u32) {
        let made = AtomicU32::new(0);
        let done = repeated(|| std::future::ready(answer(made.fetch_add(1, Ordering::Relaxed) + 1))).await;
        (done, made.into_inner())
    }

    #[tokio::test]
    async fn only_what_is_unknown_is_repeated_and_not_for_ever() {
        let unknown = || StoreError::OutcomeUnknown(String::new());
        assert!(matches!(attempts(Ok).await, (Ok(1), 1)));
        assert!(matches!(attempts(|n| if n < 3 { Err(unknown()) } else { Ok(n) }).await, (Ok(3), 3)));
        let gone = |_| Err(StoreError::Unavailable(String::new()));
        assert!(matches!(attempts(gone).await, (Err(StoreError::Unavailable(_)), 1)));
        assert!(matches!(attempts(|_| Err(unknown())).await, (Err(StoreError::OutcomeUnknown(_)), ATTEMPTS)));
        // The first attempt may have made it, whatever became of the others.
        let then_gone = |n| Err(if n == 1 { unknown() } else { StoreError::Unavailable(String::new()) });
        assert!(matches!(attempts(then_gone).await, (Err(StoreError::OutcomeUnknown(_)), ATTEMPTS)));
    }
}
