//! Moving in: a whole database into another, and what a predecessor of Allot holds.

pub mod copy;
mod cursor;
pub mod legacy;
pub mod taxbudget;

pub(crate) use cursor::Cursor;
