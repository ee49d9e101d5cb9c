//! What the fuzz targets call: everything that reads bytes from outside, and the engine behind the sliders.
//!
//! A target gets any bytes. It must not panic, and what it reads must obey the rule that it names; [`TARGETS`] lists them.
//! `tests/server/fuzz.rs` runs them for seconds over the corpus in `fuzz/corpus`, `scripts/fuzz` for as long as you like.
//! Not part of any interface.

mod headers;
mod rules;
mod submissions;

/// A target's name, which is its folder in `fuzz/corpus`, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 9] = [
    ("address", headers::address),
    ("batch", submissions::batch),
    ("codec", rules::codec),
    ("conditions", headers::conditions),
    ("cookies", headers::cookies),
    ("engine", rules::engine),
    ("form", submissions::form),
    ("snapshot", rules::snapshot),
    ("submission", submissions::submission),
];
