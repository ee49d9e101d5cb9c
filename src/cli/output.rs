//! Results to standard output, progress to a terminal.

use super::failure::Failure;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{ErrorKind, Write};

/// Writes the result. A reader that has seen enough (`| head`) is no failure.
pub(super) fn result(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::io("standard output")(error)),
        _ => Ok(()),
    }
}

/// The same for programs.
pub(super) fn json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::new(error.to_string(), "this is a fault of the program: please report it"))?;
    result(&text)
}

/// A bar towards a known end. Indicatif shows it on a terminal only.
pub(super) fn bar(total: u64, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(total).with_message(what);
    styled(bar, "{msg} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}")
}

/// A count without a known end.
pub(super) fn counter(what: &'static str) -> ProgressBar {
    styled(ProgressBar::no_length().with_message(what), "{msg} {human_pos} rows {per_sec}")
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
