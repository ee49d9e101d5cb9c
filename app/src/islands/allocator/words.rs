//! The sentences that the island says. The server renders them into the form, in the page's language.

use web_sys::Element;

/// Sentences by name, from the `data-say-*` attributes of the form. `{}` stands for a number or a name.
pub(super) struct Words(Element);

impl Words {
    pub(super) fn of(form: &Element) -> Self {
        Self(form.clone())
    }

    /// The sentence as it is.
    pub(super) fn say(&self, name: &str) -> String {
        self.0.get_attribute(&["data-say-", name].concat()).unwrap_or_default()
    }

    /// The sentence with its gaps filled in order.
    pub(super) fn fill(&self, name: &str, gaps: &[&str]) -> String {
        let sentence = self.say(name);
        let mut parts = sentence.split("{}");
        let mut text = String::from(parts.next().unwrap_or_default());
        for (part, gap) in parts.zip(gaps) {
            text.push_str(gap);
            text.push_str(part);
        }
        text
    }

    /// Points in percent, as the page's language writes them.
    pub(super) fn percent(&self, points: u16) -> String {
        let text = domain::percent::format_points(points);
        match self.0.get_attribute("data-decimal") {
            Some(mark) if mark != "." => text.replace('.', &mark),
            _ => text,
        }
    }
}
