//! Rate limits: how many submissions a participant and a network may send.

mod gcra;
mod submissions;

pub use gcra::Limiter;
pub use submissions::SubmissionLimits;
