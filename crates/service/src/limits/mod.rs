//! Rate limits: how many submissions a participant and a network may send.

mod gcra;
mod submissions;

pub use gcra::{HOUR_MICROS, Limiter};
pub use submissions::{Charged, SubmissionLimits};
