//! Findings as lines for people.

use service::port::{Finding, Verdict};

/// `ok    what`, and what to do below it.
pub(super) fn line(finding: &Finding) -> String {
    let verdict = match finding.verdict {
        Verdict::Ok => "ok  ",
        Verdict::Warn => "WARN",
        Verdict::Fail => "FAIL",
    };
    let mut line = format!("{verdict}  {}\n", finding.what);
    if !finding.advice.is_empty() {
        line.push_str(&format!("      {}\n", finding.advice));
    }
    line
}
