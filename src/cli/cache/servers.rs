//! What only running servers can warm and know: their memory and their pages. They are asked as any reader asks.

use crate::cli::running::{Answer, Running};
use app::locale::Language;
use http::Method;
use service::{Encoding, Snapshot, port::Version};

/// What a server did with one budget's snapshot.
pub(super) struct InMemory {
    /// The version that it answers with now.
    pub(super) version: Option<Version>,
    /// The tier that answered first: `memory` = it was warm.
    pub(super) tier: String,
}

/// Has a server hold this budget's snapshot in every coding, at least as new as `head`.
pub(super) async fn warm_snapshot(server: &Running, slug: &str, head: Version) -> Result<InMemory, String> {
    // Who shows a version gets nothing older, so that the server catches up before it answers.
    let shown = Snapshot::etag_of(head.0, "warm");
    let mut first = None;
    for coding in Encoding::ALL {
        let headers = [("accept-encoding", coding.as_str()), ("if-none-match", shown.as_str())];
        let answer = ask(server, Method::GET, &aggregate(slug), &headers).await?;
        first.get_or_insert(in_memory(&answer));
    }
    first.ok_or_else(|| "nothing was asked".to_owned())
}

/// What a server would answer now. Asks for the head only.
pub(super) async fn look(server: &Running, slug: &str) -> Result<InMemory, String> {
    let headers = [("accept-encoding", "identity")];
    Ok(in_memory(&ask(server, Method::HEAD, &aggregate(slug), &headers).await?))
}

/// Has a server keep the pages that are the same for everyone; answers how many addresses it was asked for.
pub(super) async fn warm_pages(server: &Running, slug: Option<&str>) -> Result<u32, String> {
    let paths = match slug {
        Some(slug) => vec![format!("/b/{slug}/aggregate")],
        None => vec!["/aggregate".to_owned(), "/about".to_owned()],
    };
    let prefixes = std::iter::once("").chain(Language::ALL.map(Language::prefix));
    let mut asked = 0;
    for path in prefixes.flat_map(|prefix| paths.iter().map(move |path| format!("{prefix}{path}"))) {
        for coding in Encoding::ALL {
            ask(server, Method::GET, &path, &[("accept-encoding", coding.as_str())]).await?;
        }
        asked += 1;
    }
    Ok(asked)
}

/// Has a server read its budgets: it answers with what it knows, and follows changes by itself within a second.
pub(super) async fn warm_budget(server: &Running, slug: &str) -> Result<(), String> {
    ask(server, Method::GET, &format!("/api/v1/budgets/{slug}"), &[]).await.map(|_| ())
}

async fn ask(server: &Running, method: Method, path: &str, headers: &[(&str, &str)]) -> Result<Answer, String> {
    let answer = server.ask(method, path, headers).await.map_err(|error| error.to_string())?;
    if answer.is_success() { Ok(answer) } else { Err(format!("{path} was answered with {}", answer.status)) }
}

fn aggregate(slug: &str) -> String {
    format!("/api/v1/budgets/{slug}/aggregate")
}

fn in_memory(answer: &Answer) -> InMemory {
    InMemory {
        version: answer.header("etag").and_then(Snapshot::version_of_etag),
        tier: answer.header("x-allot-tier").unwrap_or("unknown").to_owned(),
    }
}
