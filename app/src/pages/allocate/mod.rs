//! The allocate page: one budget's ballot.

mod complaint;
mod dock;
mod form;
mod opening;
mod row;
mod tax;
mod tools;

use crate::{
    api::{Listed, WithActual},
    components::{Notice, Place, Tone},
    locale::{Locale, marked},
    palette, say,
    shell::Head,
};
use domain::{Category, Complaint, FieldError, percent::parse_percent};
use form::Form;
use leptos::prelude::*;
use opening::Opening;

pub(crate) use complaint::{about_share, about_total};

/// What the page shows.
pub(crate) struct Ballot {
    pub listed: Listed,
    /// UUID v7 for the submission.
    pub id: String,
    /// Whom this form makes of a stranger who consents, signed for this id.
    pub newcomer: Option<String>,
    /// What stands in the number fields, in category order.
    pub values: Vec<String>,
    /// What is wrong with them: `points.{category}` or `points`.
    pub errors: Vec<FieldError>,
    /// Why the last try did not succeed: title and sentence.
    pub refusal: Option<(String, String)>,
    /// What the visitor gave last time, in points.
    pub last: Option<Vec<u16>>,
    /// How many submissions a known visitor has; `None` for an unknown one.
    pub known: Option<u64>,
    /// One with actual spending, if this one has none.
    pub with_actual: Option<WithActual>,
}

/// The head of the ballot of a budget; `failed` when it comes back with something wrong.
pub(crate) fn head(locale: Locale, listed: &Listed, failed: bool) -> Head {
    let title = listed.budget.title.as_str();
    Head {
        title: if failed { say!(locale, "allocate-title-error", title = title) } else { title.to_owned() },
        description: say!(
            locale,
            "allocate-description",
            title = title,
            whole = locale.whole_percent(100),
            areas = listed.budget.categories.len(),
        ),
        path: listed.path.clone(),
        listed: true,
        place: Some(Place::Allocate),
        palette: Some(palette::href(&listed.budget)),
        islands: !listed.closed,
    }
}

impl Ballot {
    /// The points that the fields say; what is not a number is none.
    fn points(&self) -> Vec<u16> {
        self.values.iter().map(|value| parse_percent(value).unwrap_or(0)).collect()
    }

    /// The complaint about one field.
    fn error(&self, field: &str) -> Option<&FieldError> {
        self.errors.iter().find(|error| error.field == field)
    }

    /// What is wrong with the share of a category.
    fn wrong_share(&self, locale: Locale, category: &Category) -> Option<String> {
        let error = self.error(&format!("points.{}", category.slug))?;
        Some(about_share(locale, &category.name, error))
    }

    /// What is wrong with the sum.
    fn wrong_total(&self, locale: Locale) -> Option<String> {
        let error = self.error("points")?;
        Some(match error.complaint {
            Complaint::Total(total) => about_total(locale, total),
            _ => error.message.clone(),
        })
    }

    /// Links to the fields with something wrong.
    fn complaints(&self, locale: Locale) -> AnyView {
        let links: Vec<_> = self
            .listed
            .budget
            .categories
            .iter()
            .filter_map(|category| {
                let field = format!("points.{}", category.slug);
                let text = self.wrong_share(locale, category)?;
                Some(view! {
                    <li>
                        <a href=format!("#{field}")>{text}</a>
                    </li>
                })
            })
            .collect();
        (!links.is_empty()).then(|| view! { <ul>{links}</ul> }).into_any()
    }

    pub(crate) fn head(&self, locale: Locale) -> Head {
        head(locale, &self.listed, self.refusal.is_some() || !self.errors.is_empty())
    }

    pub(crate) fn view(self) -> AnyView {
        let locale = Locale::here();
        let closed = self.listed.closed;
        let complaints = self.complaints(locale);
        let refusal = self.refusal.clone().map(|(title, sentence)| {
            view! {
                <Notice tone=Tone::Bad title=title>
                    <p>{sentence}</p>
                    {complaints}
                </Notice>
            }
        });
        let aggregate = locale.href(&self.listed.aggregate_path);
        let opening = view! { <Opening ballot=&self /> };
        view! {
            <div class="stack">
                {refusal} {opening}
                {if closed {
                    let ways = marked(&say!(locale, "allocate-closed-about"), |mark, words| {
                        let href = if mark == "everyone" { aggregate.clone() } else { locale.href("/budgets") };
                        view! { <a href=href>{words}</a> }.into_any()
                    });
                    view! {
                        <Notice tone=Tone::Note title=say!(locale, "allocate-closed")>
                            <p>{ways}</p>
                        </Notice>
                    }
                        .into_any()
                } else {
                    view! { <Form ballot=self /> }.into_any()
                }}
            </div>
        }
        .into_any()
    }
}
