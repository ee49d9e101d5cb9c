//! How people name a submission: its id, the address of its page, or the link of its receipt.

use domain::SubmissionId;

/// A submission that somebody named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Address {
    pub(in crate::cli) id: SubmissionId,
    /// From the link of a receipt: whoever has it may manage the submission.
    pub(in crate::cli) code: Option<String>,
}

impl std::str::FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            "give an id such as 019ac6f2-…, the address of a results page, or the link of a receipt \
             (https://…/results/ID/manage?code=…)"
                .to_owned()
        };
        let text = text.trim();
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let query = query.split('#').next().unwrap_or_default();
        // An id alone, or what follows /results/.
        let name = match path.split_once("/results/") {
            Some((_, rest)) => rest.split(['/', '#']).next().unwrap_or_default(),
            None => path,
        };
        let id = name.parse().map_err(|_| wrong())?;
        let code = query.split('&').find_map(|part| part.strip_prefix("code=")).filter(|code| !code.is_empty());
        Ok(Self { id, code: code.map(str::to_owned) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "019ac6f2-0001-7000-8000-000000000001";

    #[test]
    fn an_id_an_address_and_a_link_name_the_same_submission() {
        for text in [
            ID.to_owned(),
            format!(" {} ", ID.to_uppercase()),
            format!("https://allot.example/results/{ID}"),
            format!("/es/results/{ID}#chart"),
            format!("https://allot.example/results/{ID}/manage"),
        ] {
            assert_eq!(text.parse(), Ok(Address { id: ID.parse().unwrap(), code: None }), "{text}");
        }
        let link = format!("https://allot.example/es/results/{ID}/manage?code=00ff#x");
        assert_eq!(link.parse(), Ok(Address { id: ID.parse().unwrap(), code: Some("00ff".into()) }));
        for text in ["", "https://allot.example/", "https://allot.example/results/", "somebody@example.org"] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
