//! The sentences that the island says. The server renders them into the form, in the page's language.

use web_sys::Element;

/// Sentences by name, from the `data-say-*` attributes of the form. `{}` stands for a number or a name.
pub(super) struct Words {
    form: Element,
    /// What a slider says, which is needed for each of them at every move.
    value: String,
    /// What the page's language writes before decimals, unless it is a point.
    mark: Option<String>,
}

impl Words {
    pub(super) fn of(form: &Element) -> Self {
        let value = form.get_attribute("data-say-value").unwrap_or_default();
        let mark = form.get_attribute("data-decimal").filter(|mark| mark != ".");
        Self { form: form.clone(), value, mark }
    }

    /// The sentence as it is.
    pub(super) fn say(&self, name: &str) -> String {
        self.form.get_attribute(&["data-say-", name].concat()).unwrap_or_default()
    }

    /// The sentence with its gaps filled in order.
    pub(super) fn fill(&self, name: &str, gaps: &[&str]) -> String {
        filled(&self.say(name), gaps)
    }

    /// What the slider of a category says, with what is left in points.
    pub(super) fn value(&self, name: &str, share: &str, left: u16) -> String {
        filled(&self.value, &[name, share, &self.percent(left)])
    }

    /// Points in percent, as the page's language writes them.
    pub(super) fn percent(&self, points: u16) -> String {
        let text = domain::percent::format_points(points);
        match &self.mark {
            Some(mark) => text.replace('.', mark),
            None => text,
        }
    }
}

fn filled(sentence: &str, gaps: &[&str]) -> String {
    let mut parts = sentence.split("{}");
    let mut text = String::from(parts.next().unwrap_or_default());
    for (part, gap) in parts.zip(gaps) {
        text.push_str(gap);
        text.push_str(part);
    }
    text
}
