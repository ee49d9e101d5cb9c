//! Parts that several pages use.

mod bar;
mod code_field;
mod figures;
mod footer;
mod icon;
mod masthead;
mod notice;
mod outbox;
mod whole;
mod without_actual;

pub(crate) use bar::{Bar, BarKind, Keys};
pub(crate) use code_field::CodeField;
pub(crate) use figures::{Figures, PlainFigures};
pub(crate) use footer::Footer;
pub(crate) use icon::{Icon, Shape};
pub(crate) use masthead::{Masthead, Place};
pub(crate) use notice::{Notice, Tone};
pub(crate) use outbox::{OutboxLine, UpdateNotice};
pub(crate) use whole::Whole;
pub(crate) use without_actual::WithoutActual;
