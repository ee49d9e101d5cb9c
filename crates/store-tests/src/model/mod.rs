//! Random histories, played on a store through two handles and on a plain model at once.

mod compare;
mod ledger;
mod operation;
mod plain;
mod play;

pub(crate) use play::random_histories;
