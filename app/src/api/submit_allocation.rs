//! The submission of the allocate page's script.

use domain::dto::Receipt;
use leptos::{
    prelude::*,
    server_fn::codec::{Json, JsonEncoding},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
        seconds: u64,
    },
    /// The server has too much to do: try again soon.
    Busy,
    /// No answer from the server, so nobody knows. Sending again is safe.
    Unreachable,
    /// Anything else; the log knows more.
    Failed,
}

impl FromServerFnError for SubmitFailure {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            _ => Self::Failed,
        }
    }
}

/// Submits an allocation of `budget`: `points` by category, in basis points. With `remember`, a participant
/// without a cookie gets one. The answer carries no token: that is in a cookie which only the results read.
#[server(prefix = "/api/page", endpoint = "submit-allocation", input = Json, output = Json)]
pub async fn submit_allocation(
    budget: String,
    id: String,
    points: BTreeMap<String, i64>,
    remember: bool,
) -> Result<Receipt, SubmitFailure> {
    crate::server::submit_from_script(&budget, id, points, remember).await
}
