//! What people see: one folder or file a page. Views get finished data and know nothing of requests.

pub(crate) mod about;
pub(crate) mod aggregate;
pub(crate) mod allocate;
pub(crate) mod budgets;
pub(crate) mod delete;
pub(crate) mod delete_all;
pub(crate) mod failure;
pub(crate) mod history;
pub(crate) mod manage;
pub(crate) mod offline;
pub(crate) mod results;
