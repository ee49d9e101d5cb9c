//! The allocate page: one budget's ballot.

mod dock;
mod form;
mod opening;
mod row;
mod tax;
mod tools;

use crate::{
    api::Listed,
    components::{Notice, Place, Tone},
    palette,
    shell::Head,
};
use domain::{FieldError, percent::parse_percent};
use form::Form;
use leptos::prelude::*;
use opening::Opening;

/// What the page shows.
pub(crate) struct Ballot {
    pub listed: Listed,
    /// UUID v7 for the submission.
    pub id: String,
    /// What stands in the number fields, in category order.
    pub values: Vec<String>,
    /// What is wrong with them: `points.{category}` or `points`.
    pub errors: Vec<FieldError>,
    /// Why the last try did not succeed: title and sentence.
    pub refusal: Option<(String, String)>,
    /// What the visitor gave last time, in points.
    pub last: Option<Vec<u16>>,
    /// How many submissions a known visitor has; `None` for an unknown one.
    pub known: Option<usize>,
    /// Whether a budget with actual spending can be offered: its title and path.
    pub with_actual: Option<(String, String)>,
}

impl Ballot {
    /// The points that the fields say; what is not a number is none.
    fn points(&self) -> Vec<u16> {
        self.values.iter().map(|value| parse_percent(value).unwrap_or(0)).collect()
    }

    /// The complaint about one field.
    fn error(&self, field: &str) -> Option<String> {
        self.errors.iter().find(|error| error.field == field).map(|error| error.message.clone())
    }

    /// Links to the fields with something wrong.
    fn complaints(&self) -> AnyView {
        let links: Vec<_> = self
            .listed
            .budget
            .categories
            .iter()
            .filter_map(|category| {
                let field = format!("points.{}", category.slug);
                let text = format!("{} {}", category.name, self.error(&field)?);
                Some(view! {
                    <li>
                        <a href=format!("#{field}")>{text}</a>
                    </li>
                })
            })
            .collect();
        (!links.is_empty()).then(|| view! { <ul>{links}</ul> }).into_any()
    }

    pub(crate) fn head(&self) -> Head {
        let failed = self.refusal.is_some() || !self.errors.is_empty();
        Head {
            title: format!("{}{}", if failed { "Error: " } else { "" }, self.listed.budget.title),
            description: format!(
                "{}: share out 100% over {} areas, then see your split beside everyone's.",
                self.listed.budget.title,
                self.listed.budget.categories.len()
            ),
            path: self.listed.path.clone(),
            listed: true,
            place: Some(Place::Allocate),
            palette: Some(palette::href(&self.listed.budget)),
            islands: !self.listed.closed,
        }
    }

    pub(crate) fn view(self) -> AnyView {
        let closed = self.listed.closed;
        let complaints = self.complaints();
        let refusal = self.refusal.clone().map(|(title, sentence)| {
            view! {
                <Notice tone=Tone::Bad title=title>
                    <p>{sentence}</p>
                    {complaints}
                </Notice>
            }
        });
        let aggregate = self.listed.aggregate_path.clone();
        let opening = view! { <Opening ballot=&self /> };
        view! {
            <div class="stack">
                {refusal} {opening}
                {if closed {
                    view! {
                        <Notice tone=Tone::Note title="This budget is closed">
                            <p>
                                "It takes no more submissions. " <a href=aggregate>"See what everyone said"</a> " or "
                                <a href="/budgets">"choose another budget"</a> "."
                            </p>
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
