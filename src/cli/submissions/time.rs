//! Times on the command line: UTC, a day or a minute or a second.

use domain::{Month, Timestamp};

/// `2026-11-21`, `2026-11-21T10:30`, `2026-11-21T10:30:45`, with or without a `Z`.
pub(super) fn parse(text: &str) -> Result<Timestamp, String> {
    read(text).ok_or_else(|| "a time is written 2026-11-21 or 2026-11-21T10:30, in UTC".to_owned())
}

fn read(text: &str) -> Option<Timestamp> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (day, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00"));
    let (month, of_month) = day.rsplit_once('-')?;
    let of_month = number(of_month, 31)?;
    let midnight = month.parse::<Month>().ok()?.start().plus_days(of_month - 1);
    // The 31st of a shorter month would be a day of the next.
    if i64::from(midnight.day().to_civil().2) != of_month {
        return None;
    }
    let parts: Vec<&str> = time.split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [hours, minutes] => (hours, minutes, "00"),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    let seconds = (number(hours, 23)? * 60 + number(minutes, 59)?) * 60 + number(seconds, 59)?;
    Some(Timestamp::from_millis(midnight.as_millis() + seconds * 1000))
}

/// Two digits, at most this.
fn number(text: &str, most: i64) -> Option<i64> {
    let is_right = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| is_right && *number <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_utc() {
        for (text, shown) in [
            ("2026-11-21", "2026-11-21T00:00:00.000Z"),
            ("2026-11-21T10:30", "2026-11-21T10:30:00.000Z"),
            ("2026-11-21 10:30:45", "2026-11-21T10:30:45.000Z"),
            ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000Z"),
        ] {
            assert_eq!(parse(text).unwrap().to_rfc3339(), shown);
        }
        for text in
            ["", "today", "2026-11", "2026-02-29", "2026-11-00", "2026-11-21T24:00", "2026-11-21T1:00", "2026-11-21T"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
