//! The address that people use.

/// Scheme and host, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
}

impl PublicUrl {
    pub(super) fn parse(text: &str) -> Result<Self, Option<&'static str>> {
        let origin = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        let (scheme, authority) = origin.split_once("://").ok_or(None)?;
        if !matches!(scheme, "http" | "https") || authority.contains('@') {
            return Err(None);
        }
        let parsed: http::uri::Authority = authority.parse().map_err(|_| None)?;
        if parsed.host().is_empty() || (authority.ends_with(':') || parsed.port().is_some() != has_port(authority)) {
            return Err(None);
        }
        // Browsers leave the scheme's own port out of an Origin.
        let default_port = if scheme == "https" { ":443" } else { ":80" };
        Ok(Self { origin: origin.strip_suffix(default_port).unwrap_or(&origin).to_owned() })
    }

    /// As browsers send it in `Origin`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether it is behind TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https://")
    }
}

fn has_port(authority: &str) -> bool {
    authority.rsplit(']').next().is_some_and(|rest| rest.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for (given, origin) in [
            ("https://Allot.Example/", "https://allot.example"),
            ("https://allot.example:443", "https://allot.example"),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(PublicUrl::parse(given).unwrap().origin(), origin);
        }
    }

    #[test]
    fn anything_but_scheme_and_host_is_refused() {
        for given in
            ["", "https://", "ftp://a", "https://a/b", "https://me@a", "https://a:", "https://a:x", "https://a b"]
        {
            assert!(PublicUrl::parse(given).is_err(), "{given}");
        }
    }
}
