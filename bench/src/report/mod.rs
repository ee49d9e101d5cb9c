//! Rows, and where they go: the terminal, JSON, Markdown.

mod files;
mod row;
mod table;

pub(crate) use files::{Results, write, write_overview};
pub(crate) use row::{Aim, Row, Unit};
pub(crate) use table::print;
