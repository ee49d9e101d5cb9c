//! Which hosts a server on the loopback address answers: its own machine's names only.
//!
//! Otherwise a page of another site could point its own name at 127.0.0.1 and read and send what it likes
//! (DNS rebinding). A server with a public address or behind a proxy is named by its operator.

use crate::router::problem::Kind;
use app::server::LocalOrigin;
use http::{Request, header};

pub(super) struct Hosts {
    local_only: bool,
}

impl Hosts {
    pub(super) const fn new(local_only: bool) -> Self {
        Self { local_only }
    }

    pub(super) fn check<B>(&self, request: &Request<B>) -> Result<(), Kind> {
        if !self.local_only {
            return Ok(());
        }
        // Browsers always send one; a client without it was not lured.
        let Some(host) = request.headers().get(header::HOST) else { return Ok(()) };
        match host.to_str() {
            Ok(host) if is_local(host) => Ok(()),
            _ => Err(Kind::Misdirected),
        }
    }

    /// How a request that was let in calls a server for its own machine only; elsewhere anybody may name any host.
    /// There is no TLS here.
    pub(super) fn origin<B>(&self, request: &Request<B>) -> Option<LocalOrigin> {
        let host = request.headers().get(header::HOST)?.to_str().ok()?;
        // What an authority may have besides (users, delimiters) has no place in a link.
        let plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte));
        (self.local_only && plain).then(|| LocalOrigin(format!("http://{}", host.to_ascii_lowercase()).into()))
    }
}

fn is_local(host: &str) -> bool {
    let Ok(authority) = host.parse::<http::uri::Authority>() else { return false };
    let name = authority.host().to_ascii_lowercase();
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost"
        || bare.ends_with(".localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(local_only: bool, host: &str) -> Option<String> {
        let request = Request::get("/").header(header::HOST, host).body(()).unwrap();
        Hosts::new(local_only).origin(&request).map(|origin| origin.0.to_string())
    }

    #[test]
    fn a_host_is_believed_on_the_machine_itself_only_and_only_a_plain_one() {
        for (host, known) in [
            ("127.0.0.1:3000", Some("http://127.0.0.1:3000")),
            ("LocalHost", Some("http://localhost")),
            ("[::1]:3000", Some("http://[::1]:3000")),
            ("me@localhost", None),
            ("a&b.localhost", None),
        ] {
            assert_eq!(origin(true, host).as_deref(), known, "{host}");
            assert_eq!(origin(false, host), None, "{host}");
        }
    }

    #[test]
    fn only_names_of_the_machine_itself_are_local() {
        for host in ["localhost", "localhost:3000", "127.0.0.1:8080", "127.1.2.3", "[::1]:3000", "a.localhost"] {
            assert!(is_local(host), "{host}");
        }
        for host in ["evil.example", "localhost.evil.example", "192.168.0.1", "127.0.0.1.evil.example", "", "[::2]"] {
            assert!(!is_local(host), "{host}");
        }
    }
}
