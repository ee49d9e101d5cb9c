//! One program for all targets: `ALLOT_FUZZ_TARGET` names the one.

#![no_main]

use allot::fuzzing::TARGETS;
use std::sync::LazyLock;

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("ALLOT_FUZZ_TARGET").unwrap_or_default();
    let known = TARGETS.map(|(known, _)| known).join(", ");
    let target = TARGETS.into_iter().find(|(known, _)| *known == name).map(|(_, target)| target);
    target.unwrap_or_else(|| panic!("ALLOT_FUZZ_TARGET={name}; there are {known}"))
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| TARGET(bytes));
