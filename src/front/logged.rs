//! Paths as the log may have them.

use domain::SubmissionId;
use std::borrow::Cow;

const RESULTS: &str = "/results/";

/// Below `/results` there are ids of submissions and, in old addresses, keys of the predecessor, which may still open
/// somebody's session there. Whatever is no id is left out.
pub(super) fn path(path: &str) -> Cow<'_, str> {
    let Some(at) = path.find(RESULTS).filter(|at| matches!(at, 0 | 3)) else { return Cow::Borrowed(path) };
    let (before, after) = path.split_at(at + RESULTS.len());
    let (name, rest) = after.split_at(after.find('/').unwrap_or(after.len()));
    if name.is_empty() || name.parse::<SubmissionId>().is_ok() {
        return Cow::Borrowed(path);
    }
    Cow::Owned(format!("{before}-{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_the_predecessor_is_left_out_and_nothing_else() {
        let id = "019a0000-0000-7000-8000-000000000001";
        for (asked, logged) in [
            ("/", "/"),
            ("/results", "/results"),
            ("/results/", "/results/"),
            ("/results/abcdefghijklmnopqrstuvwxyz012345", "/results/-"),
            ("/results/0c9f1f0a-8a4f-4a53-9d3e-3b6f0f6f0001/", "/results/-/"),
            ("/es/results/%61bc/delete", "/es/results/-/delete"),
            ("/b/results/aggregate", "/b/results/aggregate"),
        ] {
            assert_eq!(path(asked), logged);
        }
        for asked in [format!("/results/{id}"), format!("/en/results/{id}/manage")] {
            assert_eq!(path(&asked), asked);
        }
    }
}
