//! The rules of Allot, the same in the browser and on the server.
//!
//! Nothing here performs I/O, reads a clock or draws a random number: what a rule needs is passed in.

pub mod allocation;
pub mod apportion;
pub mod budget;
pub mod decimal;
pub mod dto;
pub mod engine;
pub mod field_error;
pub mod percent;
pub mod points;
pub mod statistics;
pub mod submission_id;
pub mod summary;
pub mod time;

pub use allocation::Allocation;
pub use apportion::largest_remainder;
pub use budget::{Actual, Budget, Category, Segment, SegmentValue, Translation};
pub use engine::Ballot;
pub use field_error::{Complaint, FieldError};
pub use percent::{format_points, parse_percent};
pub use points::{Points, WHOLE};
pub use submission_id::SubmissionId;
pub use time::{Day, Month, Timestamp};
