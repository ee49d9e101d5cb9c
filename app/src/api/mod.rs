//! What pages may ask for. Data comes back as types of `domain`.
//!
//! The functions that the browser calls are server functions with an endpoint of their own choosing; the
//! others exist on the server only.

mod lines;
#[cfg_attr(
    feature = "ssr",
    expect(
        missing_docs,
        unreachable_pub,
        reason = "the server macro turns the documented arguments into fields of its own"
    )
)]
mod submit_allocation;

#[cfg(feature = "ssr")]
mod aggregate;
#[cfg(feature = "ssr")]
mod budgets;
#[cfg(feature = "ssr")]
mod history;
#[cfg(feature = "ssr")]
mod results;

pub use submit_allocation::{SubmitFailure, Taken, submit_allocation};

#[cfg(feature = "ssr")]
pub use submit_allocation::SubmitAllocation;
#[cfg(feature = "ssr")]
pub(crate) use {
    aggregate::{Everyone, everyone, newest},
    budgets::{Listed, WithActual, budget, budgets, default_budget, listed, with_actual_instead},
    history::{HistoryPage, Past, history},
    results::{Comparison, Found, Mine, submission},
};
