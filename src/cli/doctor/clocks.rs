//! This machine's clock beside another one.

use domain::Timestamp;
use service::port::{Clock, Finding, SystemClock};

/// Microseconds that clocks may differ: versions only grow, but what is shown as "now" would be wrong.
const SLIGHTLY: i64 = 1_000_000;
/// Above this, ids of honest devices come near the window that is accepted.
const BADLY: i64 = 60_000_000;

/// Compares a clock that was read between `asked` and now.
pub(super) fn compare(whose: &str, theirs: Timestamp, asked: Timestamp) -> Finding {
    let answered = SystemClock.now();
    // It was read somewhere in between: that much can't be told.
    let off = if theirs < asked {
        theirs.as_micros() - asked.as_micros()
    } else if theirs > answered {
        theirs.as_micros() - answered.as_micros()
    } else {
        0
    };
    let what = format!("{whose} clock is {:+.1} s from this machine's", off as f64 / 1e6);
    let advice = "synchronise both with NTP (`timedatectl` shows whether a machine is)";
    match off.abs() {
        apart if apart <= SLIGHTLY => Finding::ok(what),
        apart if apart <= BADLY => Finding::warn(what, advice),
        _ => Finding::fail(what, advice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use service::port::Verdict;

    #[test]
    fn a_clock_is_as_right_as_the_time_of_asking_allows() {
        let now = SystemClock.now();
        let off_by =
            |seconds: i64| compare("its", Timestamp::from_micros(now.as_micros() + seconds * 1_000_000), now).verdict;
        assert_eq!([off_by(0), off_by(30), off_by(-30)], [Verdict::Ok, Verdict::Warn, Verdict::Warn]);
        assert_eq!([off_by(3600), off_by(-3600)], [Verdict::Fail, Verdict::Fail]);
    }
}
