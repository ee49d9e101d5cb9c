//! The port to a database of taxbudget, the Django application before Allot.
//!
//! Nothing that comes from it is trusted: every field may be missing or wrong, and is told as it is.

use super::StoreResult;
use async_trait::async_trait;
use domain::Timestamp;
use tokio::sync::mpsc;

/// A row of `allocator_budgetcategory`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldCategory {
    /// Its number there.
    pub id: Option<i64>,
    /// For people.
    pub name: Option<String>,
    /// What it covers.
    pub description: Option<String>,
    /// `#rrggbb`.
    pub color: Option<String>,
}

/// A share of a session, or a session without any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldRow {
    /// The random name of the submission.
    pub session_key: Option<String>,
    /// Whether `allocator_allocationsubmission` has the session.
    pub submitted: bool,
    /// When, as far as it is a time.
    pub at: Option<Timestamp>,
    /// A row of `allocator_userallocation`.
    pub share: Option<OldShare>,
}

/// One category's share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldShare {
    /// Which category.
    pub category: Option<i64>,
    /// A decimal number of percent, as text.
    pub percentage: Option<String>,
}

/// A database of taxbudget, read only.
#[async_trait]
pub trait Predecessor: Send + Sync + 'static {
    /// In the order in which they were shown.
    async fn categories(&self) -> StoreResult<Vec<OldCategory>>;

    /// Sends all rows as they are at one moment, those of a session together. Ends without an error when nobody
    /// receives any more.
    async fn rows(&self, pages: mpsc::Sender<Vec<OldRow>>) -> StoreResult<()>;
}
