//! What is wrong with the numbers, in the page's language.

use crate::{locale::Locale, say};
use domain::{Complaint, FieldError, WHOLE, decimal::DecimalError, percent::PercentError};

/// The sentence about the share of the category called `name`, without its full stop.
pub(crate) fn about_share(locale: Locale, name: &str, error: &FieldError) -> String {
    match error.complaint {
        Complaint::Percent(PercentError::Number(DecimalError::Empty)) | Complaint::Missing => {
            say!(locale, "wrong-empty", name = name)
        }
        Complaint::Percent(PercentError::Number(DecimalError::NotANumber)) => {
            say!(locale, "wrong-number", name = name, example = locale.share(1250))
        }
        Complaint::Percent(PercentError::Number(DecimalError::Negative)) => say!(locale, "wrong-sign", name = name),
        Complaint::Percent(PercentError::Number(DecimalError::TooPrecise)) => {
            say!(locale, "wrong-decimals", name = name)
        }
        Complaint::Percent(PercentError::Number(DecimalError::TooLarge) | PercentError::AboveWhole)
        | Complaint::OutOfRange => say!(locale, "wrong-range", name = name),
        Complaint::Total(_) | Complaint::Other => format!("{name} {}", error.message),
    }
}

/// What a total other than the whole lacks or has too much.
pub(crate) fn about_total(locale: Locale, total: u64) -> String {
    let whole = u64::from(WHOLE);
    let sum = locale.percent_of_total(total);
    if total < whole {
        say!(locale, "wrong-too-little", sum = sum, left = locale.percent_of_total(whole - total))
    } else {
        say!(locale, "wrong-too-much", sum = sum, over = locale.percent_of_total(total - whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Language;
    use domain::parse_percent;

    const ENGLISH: Locale = Locale::explicit(Language::English);
    const SPANISH: Locale = Locale::explicit(Language::Spanish);

    #[test]
    fn a_wrong_total_says_what_to_do() {
        assert_eq!(about_total(ENGLISH, 8750), "The areas add up to 87.5%: 12.5% is left to give.");
        assert_eq!(about_total(ENGLISH, 10_001), "The areas add up to 100.01%: take away 0.01%.");
        assert_eq!(about_total(ENGLISH, 20_000), "The areas add up to 200%: take away 100%.");
        let spanish = "Las áreas suman un 87,5\u{202f}%: queda por repartir un 12,5\u{202f}%.";
        assert_eq!(about_total(SPANISH, 8750), spanish);
    }

    #[test]
    fn every_unreadable_number_has_a_sentence_in_each_language() {
        for text in ["", "lots", "-1", "1.234", "120", "99999999999999999999999"] {
            let error = parse_percent(text).unwrap_err().into_field_error("points.health");
            let english = about_share(ENGLISH, "Health", &error);
            assert_eq!(english, format!("Health {}", error.message));
            let spanish = about_share(SPANISH, "Sanidad", &error);
            assert!(spanish.starts_with("Sanidad: ") && !spanish.contains(&error.message), "{spanish}");
        }
    }
}
