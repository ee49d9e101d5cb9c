//! One rule each, told as a story. The list in `suite` runs them.

pub(crate) mod archive;
pub(crate) mod batch;
pub(crate) mod budgets;
pub(crate) mod bulk;
pub(crate) mod closing;
pub(crate) mod correct;
pub(crate) mod deletion;
pub(crate) mod fold;
pub(crate) mod handles;
pub(crate) mod inspect;
pub(crate) mod jobs;
pub(crate) mod moving;
pub(crate) mod newest;
pub(crate) mod reading;
pub(crate) mod replay;
pub(crate) mod time;
pub(crate) mod total;
pub(crate) mod version;
