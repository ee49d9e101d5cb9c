//! The categories' colours, fitted to both themes.
//!
//! A budget gives one colour a category. On each ground it is mixed with black or white until its contrast
//! is at least 3, what WCAG asks of graphics. The result is a small style sheet of its own, because the
//! content security policy allows no inline styles, and because it can be cached for good.

use domain::Budget;
use std::fmt::Write;

/// The grounds that the colours are drawn on; `--surface` and `--paper` of `style/tokens.css`.
const LIGHT: [Rgb; 2] = [Rgb(255, 255, 255), Rgb(251, 250, 247)];
const DARK: [Rgb; 2] = [Rgb(18, 20, 22), Rgb(26, 29, 32)];
const CONTRAST: f64 = 3.0;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Rgb(u8, u8, u8);

impl Rgb {
    fn parse(hex: &str) -> Option<Self> {
        let digits = hex.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let part = |from: usize| u8::from_str_radix(digits.get(from..from + 2)?, 16).ok();
        Some(Self(part(0)?, part(2)?, part(4)?))
    }

    /// Relative luminance. Source: WCAG 2.2.
    fn luminance(self) -> f64 {
        let linear = |part: u8| match f64::from(part) / 255.0 {
            low if low <= 0.040_45 => low / 12.92,
            high => ((high + 0.055) / 1.055).powf(2.4),
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Contrast ratio, 1 to 21. Source: WCAG 2.2.
    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn mixed(self, with: Self, percent: u16) -> Self {
        let mix = |a: u8, b: u8| ((u16::from(a) * (100 - percent) + u16::from(b) * percent) / 100) as u8;
        Self(mix(self.0, with.0), mix(self.1, with.1), mix(self.2, with.2))
    }

    /// The nearest mixture with `towards` that can be seen on all grounds.
    fn fitted(self, grounds: &[Self], towards: Self) -> Self {
        (0..=100)
            .map(|percent| self.mixed(towards, percent))
            .find(|color| grounds.iter().all(|ground| color.contrast(*ground) >= CONTRAST))
            .unwrap_or(towards)
    }
}

impl std::fmt::Display for Rgb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// The style sheet: `.c-0`, `.c-1`, ... set `--c` in category order.
pub(crate) fn sheet(budget: &Budget) -> String {
    let (mut light, mut dark) = (String::new(), String::new());
    for (i, category) in budget.categories.iter().enumerate() {
        let color = Rgb::parse(&category.color).unwrap_or(Rgb(128, 128, 128));
        let _ = write!(light, ".c-{i}{{--c:{}}}", color.fitted(&LIGHT, Rgb(0, 0, 0)));
        let _ = write!(dark, ".c-{i}{{--c:{}}}", color.fitted(&DARK, Rgb(255, 255, 255)));
    }
    format!("{light}@media (prefers-color-scheme:dark){{{dark}}}@media print{{{light}}}")
}

/// The sheet's address, which changes with its content.
pub(crate) fn href(budget: &Budget) -> String {
    format!("/palette/{}/{}.css", budget.slug, digest(&sheet(budget)))
}

/// FNV-1a, 64 bits: names a content, secures nothing.
pub(crate) fn digest(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_colour_can_be_seen_in_both_themes() {
        for hex in [
            "#e74c3c", "#3498db", "#2c3e50", "#95a5a6", "#9b59b6", "#27ae60", "#16a085", "#e67e22", "#f39c12",
            "#34495e", "#ffffff", "#000000",
        ] {
            let color = Rgb::parse(hex).unwrap();
            for ground in LIGHT {
                assert!(color.fitted(&LIGHT, Rgb(0, 0, 0)).contrast(ground) >= CONTRAST, "{hex} on light");
            }
            for ground in DARK {
                assert!(color.fitted(&DARK, Rgb(255, 255, 255)).contrast(ground) >= CONTRAST, "{hex} on dark");
            }
        }
    }

    #[test]
    fn a_colour_that_can_be_seen_already_stays() {
        let red = Rgb::parse("#c0392b").unwrap();
        assert_eq!(red.fitted(&LIGHT, Rgb(0, 0, 0)), red);
    }
}
