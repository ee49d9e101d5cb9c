//! What people do: mostly read, sometimes submit.

use super::{Fixed, Requests, Submissions};

/// One submission in so many requests.
const SUBMITS: u64 = 10;

/// Nine reads, then a submission.
#[derive(Debug)]
pub(crate) struct Mixed {
    read: Fixed,
    submit: Submissions,
    made: u64,
}

impl Mixed {
    pub(crate) fn new(read: Fixed, submit: Submissions) -> Self {
        Self { read, submit, made: 0 }
    }
}

impl Requests for Mixed {
    fn write_next(&mut self, out: &mut Vec<u8>) {
        self.made += 1;
        if self.made.is_multiple_of(SUBMITS) { self.submit.write_next(out) } else { self.read.write_next(out) }
    }
}
