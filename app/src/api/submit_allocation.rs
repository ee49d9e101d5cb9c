//! The submission that pages of earlier versions send, which may still be open. Today's pages go through `/api/v1`.

use super::lines::{AsLines, Lines, LinesEncoding, Reader, Writer};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The answer to a submission that was taken. The token that manages it is not here, but in a cookie that
/// only the results page reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// UUID v7; part of the shareable address.
    pub id: String,
}

/// Why a submission did not succeed, as far as the page needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SubmitFailure {
    /// The input is refused; a sentence says why.
    Invalid {
        /// For the person.
        message: String,
    },
    /// The id is used or was deleted: another one to go on with.
    Used {
        /// UUID v7 that nobody has used.
        fresh_id: String,
    },
    /// The budget takes no more submissions.
    Closed,
    /// Too many submissions.
    RateLimited {
        /// Seconds to wait.
        seconds: u32,
    },
    /// The server has too much to do: try again soon.
    Busy,
    /// No answer from the server, so nobody knows. Sending again is safe.
    Unreachable,
    /// Anything else; the log knows more.
    Failed,
}

impl FromServerFnError for SubmitFailure {
    type Encoder = LinesEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            _ => Self::Failed,
        }
    }
}

/// Submits an allocation of `budget`: `points` by category, in basis points. With `remember`, a participant
/// without a cookie gets one. A refusal is said in `language`, a tag.
#[server(prefix = "/api/page", endpoint = "submit-allocation", input = Lines, output = Lines)]
pub async fn submit_allocation(
    budget: String,
    id: String,
    points: BTreeMap<String, i64>,
    remember: bool,
    language: Option<String>,
) -> Result<Taken, SubmitFailure> {
    crate::server::submit_from_script(&budget, id, points, remember, language.as_deref()).await
}

impl AsLines for SubmitAllocation {
    fn write(&self, lines: &mut Writer) {
        lines.line("budget", &self.budget);
        lines.line("id", &self.id);
        if self.remember {
            lines.line("remember", "yes");
        }
        if let Some(language) = &self.language {
            lines.line("language", language);
        }
        for (category, points) in &self.points {
            lines.line(&["points.", category].concat(), &points.to_string());
        }
    }

    fn read(lines: &Reader<'_>) -> Option<Self> {
        let shares = lines.all().filter_map(|(key, value)| Some((key.strip_prefix("points.")?, value)));
        let points = shares.map(|(category, points)| Some((category.to_owned(), points.parse().ok()?)));
        Some(Self {
            budget: lines.get("budget")?.to_owned(),
            id: lines.get("id")?.to_owned(),
            remember: lines.get("remember") == Some("yes"),
            language: lines.get("language").map(str::to_owned),
            points: points.collect::<Option<_>>()?,
        })
    }
}

impl AsLines for Taken {
    fn write(&self, lines: &mut Writer) {
        lines.line("id", &self.id);
    }

    fn read(lines: &Reader<'_>) -> Option<Self> {
        Some(Self { id: lines.get("id")?.to_owned() })
    }
}

impl AsLines for SubmitFailure {
    fn write(&self, lines: &mut Writer) {
        match self {
            Self::Invalid { message } => lines.line("invalid", message),
            Self::Used { fresh_id } => lines.line("used", fresh_id),
            Self::Closed => lines.line("closed", ""),
            Self::RateLimited { seconds } => lines.line("rate-limited", &seconds.to_string()),
            Self::Busy => lines.line("busy", ""),
            Self::Unreachable | Self::Failed => lines.line("failed", ""),
        }
    }

    fn read(lines: &Reader<'_>) -> Option<Self> {
        let (kind, text) = lines.all().next()?;
        Some(match kind {
            "invalid" => Self::Invalid { message: text.to_owned() },
            "used" => Self::Used { fresh_id: text.to_owned() },
            "closed" => Self::Closed,
            "rate-limited" => Self::RateLimited { seconds: text.parse().ok()? },
            "busy" => Self::Busy,
            _ => Self::Failed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::server_fn::{Bytes, Decodes, Encodes};

    fn there_and_back<T: AsLines>(value: &T) -> Option<T> {
        LinesEncoding::decode(<LinesEncoding as Encodes<T>>::encode(value).unwrap()).ok()
    }

    #[test]
    fn a_submission_arrives_as_it_was_sent() {
        let sent = SubmitAllocation {
            budget: "tax-dollars".into(),
            id: "0192d3a4-58cc-7372-a567-0e02b2c3d479".into(),
            points: BTreeMap::from([("healthcare".into(), 2500), ("other".into(), 7500)]),
            remember: true,
            language: Some("es".into()),
        };
        let got = there_and_back(&sent).unwrap();
        assert_eq!(got.language, sent.language);
        assert_eq!((got.budget, got.id, got.points, got.remember), (sent.budget, sent.id, sent.points, true));
    }

    #[test]
    fn every_failure_arrives_as_it_was_sent() {
        for failure in [
            SubmitFailure::Invalid { message: "must sum to exactly 10000".into() },
            SubmitFailure::Used { fresh_id: "0192d3a4-58cc-7372-a567-0e02b2c3d479".into() },
            SubmitFailure::Closed,
            SubmitFailure::RateLimited { seconds: 3600 },
            SubmitFailure::Busy,
            SubmitFailure::Failed,
        ] {
            assert_eq!(there_and_back(&failure), Some(failure));
        }
    }

    #[test]
    fn a_value_can_not_smuggle_in_another_line() {
        let failure = SubmitFailure::Invalid { message: "one\nused two".into() };
        assert_eq!(there_and_back(&failure), Some(SubmitFailure::Invalid { message: "one".into() }));
    }

    #[test]
    fn what_can_not_be_read_is_refused_and_what_is_not_known_is_ignored() {
        let read = |text: &'static str| {
            <LinesEncoding as Decodes<SubmitAllocation>>::decode(Bytes::from_static(text.as_bytes())).ok()
        };
        assert!(read("budget b\nid i\npoints.a 1\ncolour blue\n").is_some_and(|got| got.points.len() == 1));
        for text in ["", "budget b\npoints.a 1\n", "budget b\nid i\npoints.a x\n"] {
            assert!(read(text).is_none(), "{text:?}");
        }
    }
}
