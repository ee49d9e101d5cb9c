//! Decimal numbers with up to two decimals, read and written exactly as whole hundredths.

use core::fmt;

/// Why a text is not a number of hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalError {
    /// There is nothing.
    Empty,
    /// It has something besides digits and one decimal point or comma.
    NotANumber,
    /// It begins with a minus.
    Negative,
    /// It has more than two decimals.
    TooPrecise,
    /// It does not fit 64 bits.
    TooLarge,
}

impl DecimalError {
    /// A sentence for whoever typed it.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Empty => "is empty",
            Self::NotANumber => "must be a number such as 12.5",
            Self::Negative => "must not be negative",
            Self::TooPrecise => "must have at most two decimals",
            Self::TooLarge => "is too large",
        }
    }
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for DecimalError {}

/// `"12.5"` is 1250 hundredths. Takes a decimal point or comma and white space around the number; no
/// exponents, signs or separators of thousands.
///
/// # Errors
/// When the text is not such a number.
pub fn parse_hundredths(text: &str) -> Result<u64, DecimalError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DecimalError::Empty);
    }
    if text.starts_with(['-', '\u{2212}']) {
        return Err(DecimalError::Negative);
    }
    let (whole, decimals) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.len() + decimals.len() == 0 || !digits(whole) || !digits(decimals) {
        return Err(DecimalError::NotANumber);
    }
    if decimals.len() > 2 {
        return Err(DecimalError::TooPrecise);
    }
    let padded = decimals.bytes().chain([b'0'; 2]).take(2);
    whole
        .bytes()
        .chain(padded)
        .try_fold(0u64, |value, digit| value.checked_mul(10)?.checked_add(u64::from(digit - b'0')))
        .ok_or(DecimalError::TooLarge)
}

/// `1250` is `"12.5"`, `1200` is `"12"`, `1` is `"0.01"`: no more decimals than needed.
#[must_use]
pub fn format_hundredths(hundredths: u64) -> String {
    let mut text = (hundredths / 100).to_string();
    let (tenth, hundredth) = (hundredths / 10 % 10, hundredths % 10);
    if tenth + hundredth > 0 {
        text.push('.');
        text.push(char::from(b'0' + tenth as u8));
    }
    if hundredth > 0 {
        text.push(char::from(b'0' + hundredth as u8));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly() {
        assert_eq!(parse_hundredths("1460.91"), Ok(146_091));
        assert_eq!(parse_hundredths(" 157,6 "), Ok(15_760));
        assert_eq!(parse_hundredths("184467440737095516.15"), Ok(u64::MAX));
        assert_eq!(parse_hundredths("184467440737095516.16"), Err(DecimalError::TooLarge));
    }
}
