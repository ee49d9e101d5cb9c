//! "My yearly tax": the shares in money. The browser keeps the sum on this device; it is never sent.

use super::{
    draft::storage,
    row::{find, set},
};
use domain::engine::Ballot;
use js_sys::{Array, Function, Intl::NumberFormat, Object, Reflect};
use leptos::wasm_bindgen::{JsCast, JsValue};
use std::cell::{Cell, OnceCell};
use web_sys::{Element, HtmlInputElement};

/// Digits of an amount before its decimals: more would not fit beside a share.
const DIGITS: usize = 9;

/// The field of the sum, and the amounts beside the shares.
pub(super) struct Tax {
    input: HtmlInputElement,
    error: Element,
    amounts: Vec<Element>,
    lang: String,
    currency: String,
    /// Writes a number as an amount of the budget's currency, as the page's language does. Made for the first amount:
    /// the browser loads much for it, and most visitors ask for none.
    format: OnceCell<Function>,
    /// Where the browser keeps what was typed: budgets of one currency share it.
    key: String,
    /// The sum, in hundredths.
    sum: Cell<Option<u64>>,
}

impl Tax {
    /// Takes over the field inside `form`, and fills in what was typed before.
    pub(super) fn of(form: &Element) -> Option<Self> {
        let input: HtmlInputElement = find(form, "[data-part=tax]")?;
        let list = form.query_selector_all("[data-part=money]").ok()?;
        let currency = input.get_attribute("data-currency")?;
        let key = ["allot-tax-", &currency].concat();
        if input.value().is_empty()
            && let Some(typed) = storage().and_then(|storage| storage.get_item(&key).ok().flatten())
        {
            input.set_value(&typed);
        }
        Some(Self {
            error: find(form, "#wrong-tax")?,
            amounts: (0..list.length()).filter_map(|i| list.item(i)?.dyn_into().ok()).collect(),
            lang: form.closest("[lang]").ok()??.get_attribute("lang")?,
            currency,
            format: OnceCell::new(),
            sum: Cell::new(parse(&input.value())),
            input,
            key,
        })
    }

    /// Whether `input` is the field of the sum.
    pub(super) fn is(&self, input: &HtmlInputElement) -> bool {
        self.input == *input
    }

    /// Takes what was typed. Half-typed amounts are not errors yet.
    pub(super) fn typed(&self, text: &str, ballot: &Ballot) {
        self.sum.set(parse(text));
        if self.sum.get().is_some() || text.is_empty() {
            let _ = self.input.remove_attribute("aria-invalid");
            set(&self.error, "hidden", "");
        }
        if let Some(storage) = storage() {
            let _ = if text.is_empty() { storage.remove_item(&self.key) } else { storage.set_item(&self.key, text) };
        }
        self.show(ballot);
    }

    /// The field was left: what can't be read is said.
    pub(super) fn complain(&self) {
        if self.sum.get().is_none() && !self.input.value().is_empty() {
            set(&self.input, "aria-invalid", "true");
            let _ = self.error.remove_attribute("hidden");
        }
    }

    /// Writes the amounts; none without a sum.
    pub(super) fn show(&self, ballot: &Ballot) {
        for (amount, &points) in self.amounts.iter().zip(ballot.points()) {
            let text = self.sum.get().and_then(|sum| {
                let money = sum as f64 * f64::from(points) / 1_000_000.0;
                let format = self.format.get_or_init(|| format(&self.lang, &self.currency));
                format.call1(&JsValue::UNDEFINED, &money.into()).ok()?.as_string()
            });
            amount.set_text_content(text.as_deref());
        }
    }
}

/// JavaScript's own formatter, for whole units of `currency`.
fn format(lang: &str, currency: &str) -> Function {
    let options = Object::new();
    for (name, value) in
        [("style", "currency"), ("currency", currency), ("minimumFractionDigits", "0"), ("maximumFractionDigits", "0")]
    {
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    NumberFormat::new(&Array::of1(&lang.into()), &options).format()
}

/// An amount as people of any country write it, in hundredths: the last point or comma begins the decimals if
/// one or two digits follow it; all others group, as spaces and apostrophes do. Signs of currencies are ignored.
fn parse(text: &str) -> Option<u64> {
    let (mut number, mut digits, mut after_mark) = (0, 0, None);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' if digits < DIGITS + 2 => {
                number = number * 10 + u64::from(byte - b'0');
                digits += 1;
                after_mark = after_mark.map(|digits: usize| digits + 1);
            }
            b'.' | b',' => after_mark = Some(0),
            b'-' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => return None,
            _ => {}
        }
    }
    let decimals = after_mark.filter(|&digits| digits <= 2).unwrap_or(0);
    let scale = match decimals {
        0 => 100,
        1 => 10,
        _ => 1,
    };
    (digits > 0 && digits - decimals <= DIGITS).then_some(number * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_however_its_country_writes_it() {
        for text in
            ["12500", "12,500", "12.500", "12 500", "12\u{a0}500", "12’500", " $12,500.00", "12.500,00 €", "12500,0"]
        {
            assert_eq!(parse(text), Some(1_250_000), "{text}");
        }
        assert_eq!(parse("0.5"), Some(50));
        assert_eq!(parse("99,99"), Some(9999));
        assert_eq!(parse("1,234,567.89"), Some(123_456_789));
    }

    #[test]
    fn what_is_no_amount_is_none() {
        for text in ["", "lots", "12k", "-5", "€", "1e6", "1234567890"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
