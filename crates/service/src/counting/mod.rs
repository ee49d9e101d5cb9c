//! What stores count beside the database: who is the newest, what all rows add up to, whether everybody counts once.
//! No SQL: a store hands rows over and writes down what comes out.

mod load;
mod points;
mod rank;
mod readable;
mod shape;
mod standing;
mod tally;

pub use load::{Load, Loaded};
pub use points::Points;
pub use rank::Rank;
pub use readable::Readable;
pub use shape::same_shape;
pub use standing::{Participants, is_right};
pub use tally::Tally;
