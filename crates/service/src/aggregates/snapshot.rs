//! What readers get: statistics of a budget at a version, serialised once and compressed once.

use crate::{
    encoded::{Encoded, Encoding},
    port::{TotalAt, Version},
};
use bytes::Bytes;
use domain::{Budget, Timestamp, dto::AggregateView, statistics, summary::Cell};

/// Part of every ETag: changes when the same version would give other bytes.
const FORMAT: &str = "1";

/// Where a snapshot came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// The newest one of this process.
    Memory,
    /// Shared by all processes.
    Redis,
    /// Base cells plus deltas.
    Summary,
    /// Computed from the submissions.
    Raw,
}

impl Tier {
    /// The value of `X-Allot-Tier`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Redis => "redis",
            Self::Summary => "summary",
            Self::Raw => "raw",
        }
    }
}

/// One budget's aggregate at one version. Immutable.
#[derive(Debug)]
pub struct Snapshot {
    /// What it includes.
    pub version: Version,
    /// As readers see it.
    pub view: AggregateView,
    /// What it was computed from: percentiles need the histogram.
    pub total: Cell,
    json: Encoded,
}

impl Snapshot {
    /// Derives the statistics and serialises them.
    #[must_use]
    pub fn new(budget: &Budget, at: TotalAt) -> Self {
        let view = AggregateView {
            budget: budget.slug.clone(),
            version: at.version.0,
            as_of: Timestamp::from_micros(at.version.0).to_rfc3339(),
            submissions: at.total.people().unsigned_abs(),
            categories: statistics::category_aggregates(
                Some(&at.total),
                budget.categories.iter().map(|c| c.slug.as_str()),
            ),
        };
        // Numbers and strings always serialise.
        let json = Encoded::new(serde_json::to_vec(&view).unwrap_or_default());
        Self { version: at.version, view, total: at.total, json }
    }

    /// The JSON in a coding.
    #[must_use]
    pub fn body(&self, encoding: Encoding) -> Bytes {
        self.json.body(encoding)
    }

    /// The quoted entity tag of the JSON in a coding.
    #[must_use]
    pub fn etag(&self, encoding: Encoding) -> String {
        Self::etag_of(self.version.0, encoding.as_str())
    }

    /// The quoted entity tag of anything that shows a snapshot's version; `form` tells such things apart.
    #[must_use]
    pub fn etag_of(version: i64, form: &str) -> String {
        format!("\"{FORMAT}-{version:x}-{form}\"")
    }

    /// The version in an entity tag that some process made, with or without quotes and `W/`.
    #[must_use]
    pub fn version_of_etag(etag: &str) -> Option<Version> {
        let etag = etag.trim();
        let etag = etag.strip_prefix("W/").unwrap_or(etag).trim_matches('"');
        let (format, rest) = etag.split_once('-')?;
        let (version, _) = rest.split_once('-')?;
        if format != FORMAT {
            return None;
        }
        i64::from_str_radix(version, 16).ok().map(Version)
    }
}
