//! Budgets and submissions to tell stories with.

use domain::{Allocation, Budget, Category, Segment, SegmentValue, SubmissionId, Timestamp};
use service::port::{BudgetId, NewSubmission, Participant};

/// Three categories and two segments, of two and three answers.
pub(crate) fn budget(slug: &str) -> Budget {
    let category = |slug: &str| Category {
        slug: slug.into(),
        name: slug.to_uppercase(),
        description: "What it covers.".into(),
        color: "#0a7bcd".into(),
        actual_points: None,
    };
    let value = |slug: &&str| SegmentValue { slug: (*slug).into(), name: (*slug).into() };
    let segment = |slug: &str, values: &[&str]| Segment {
        slug: slug.into(),
        name: slug.into(),
        values: values.iter().map(value).collect(),
    };
    Budget {
        slug: slug.into(),
        title: slug.into(),
        currency: "EUR".into(),
        categories: ["schools", "roads", "parks"].map(category).into(),
        actual: None,
        segments: vec![segment("age", &["younger", "older"]), segment("region", &["north", "middle", "south"])],
        translations: Default::default(),
    }
}

/// The `n`th id of a moment: greater numbers are greater ids.
pub(crate) fn id(time: Timestamp, n: u64) -> SubmissionId {
    let mut random = [0; 10];
    random[3..].copy_from_slice(&n.to_be_bytes()[1..]);
    SubmissionId::from_parts(time, random)
}

pub(crate) fn allocation(points: [u16; 3]) -> Allocation {
    Allocation::from_points(&points, 3).expect("sample points are whole")
}

/// Somebody without a cookie splits 50, 30, 20.
pub(crate) fn submission(budget: BudgetId, id: SubmissionId) -> NewSubmission {
    NewSubmission {
        id,
        budget,
        participant: None,
        allocation: allocation([5000, 3000, 2000]),
        segments: Box::default(),
    }
}

/// Changes one thing about a submission.
pub(crate) trait Reword {
    fn by(self, participant: u64) -> Self;
    fn points(self, points: [u16; 3]) -> Self;
    fn answers(self, segments: [u8; 2]) -> Self;
}

impl Reword for NewSubmission {
    fn by(self, participant: u64) -> Self {
        Self { participant: Some(Participant(participant)), ..self }
    }

    fn points(self, points: [u16; 3]) -> Self {
        Self { allocation: allocation(points), ..self }
    }

    fn answers(self, segments: [u8; 2]) -> Self {
        Self { segments: segments.into(), ..self }
    }
}
