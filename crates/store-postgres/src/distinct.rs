//! Folds what repeats within a batch: the database gets each content once, and everybody an answer.

use service::port::{NewSubmission, Outcome, Version};
use std::collections::HashMap;

/// What the database says of one content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The batch added it.
    Added { version: Version, counted: bool },
    /// Anything else is the same for everybody who sent it.
    Other(Outcome),
}

pub(crate) struct Distinct<'b> {
    batch: &'b [NewSubmission],
    /// Places in the batch of what is sent.
    sent: Vec<usize>,
    /// For each place in the batch, which of `sent` it is.
    content: Vec<usize>,
    /// Some id comes with different contents.
    disputed: bool,
}

/// Who sent it does not matter: an outbox may send before and after consent was given.
fn same(one: &NewSubmission, other: &NewSubmission) -> bool {
    one.id == other.id
        && one.budget == other.budget
        && one.allocation == other.allocation
        && one.segments == other.segments
}

impl<'b> Distinct<'b> {
    pub(crate) fn of(batch: &'b [NewSubmission]) -> Self {
        let mut first = HashMap::with_capacity(batch.len());
        let mut distinct = Self { batch, sent: Vec::with_capacity(batch.len()), content: Vec::new(), disputed: false };
        for (place, new) in batch.iter().enumerate() {
            let known = match first.get(&new.id) {
                None => None,
                Some(&known) if same(&batch[distinct.sent[known]], new) => Some(known),
                Some(_) => {
                    distinct.disputed = true;
                    distinct.sent.iter().position(|&sent| same(&batch[sent], new))
                }
            };
            let content = known.unwrap_or_else(|| {
                distinct.sent.push(place);
                distinct.sent.len() - 1
            });
            first.entry(new.id).or_insert(content);
            distinct.content.push(content);
        }
        distinct
    }

    /// Each content once, in the order of the batch.
    pub(crate) fn sent(&self) -> impl ExactSizeIterator<Item = &'b NewSubmission> {
        self.sent.iter().map(|&place| &self.batch[place])
    }

    /// One outcome per submission of the batch; `answers` are in the order of `sent`.
    pub(crate) fn outcomes(&self, answers: &[Answer]) -> Vec<Outcome> {
        // Where an id with different contents was added, whoever comes later contradicts it.
        let mut added = HashMap::new();
        if self.disputed {
            for (&place, answer) in self.sent.iter().zip(answers) {
                if matches!(answer, Answer::Added { .. }) {
                    added.insert(self.batch[place].id, place);
                }
            }
        }
        let outcome = |(place, &content): (usize, &usize)| match answers[content] {
            Answer::Added { version, counted } if self.sent[content] != place => Outcome::Replayed { version, counted },
            Answer::Added { version, counted: true } => Outcome::Counted { version },
            Answer::Added { version, counted: false } => Outcome::Superseded { version },
            Answer::Other(_) if added.get(&self.batch[place].id).is_some_and(|&added| added < place) => {
                Outcome::Conflict
            }
            Answer::Other(outcome) => outcome,
        };
        self.content.iter().enumerate().map(|(place, content)| outcome((place, content))).collect()
    }
}
