//! What may be loaded: this machine only.

use anyhow::{Context, Result, ensure};
use std::net::SocketAddr;

/// An address of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target(SocketAddr);

impl Target {
    /// # Errors
    /// Anything but a loopback address.
    pub(crate) fn new(address: SocketAddr) -> Result<Self> {
        ensure!(address.ip().is_loopback(), "{address} is not this machine: only loopback addresses are loaded");
        Ok(Self(address))
    }

    /// `127.0.0.1:3000`, `[::1]:3000` or `localhost:3000`; other names are not looked up.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let text = text.strip_prefix("http://").unwrap_or(text).trim_end_matches('/');
        let literal = text.replacen("localhost:", "127.0.0.1:", 1);
        Self::new(literal.parse().with_context(|| format!("{text} is not an address with a port"))?)
    }

    pub(crate) fn address(self) -> SocketAddr {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn only_this_machine_is_loaded() {
        for own in ["127.0.0.1:3000", "http://127.1.2.3:80/", "[::1]:3000", "localhost:3000"] {
            assert!(Target::parse(own).is_ok(), "{own}");
        }
        for other in ["192.0.2.1:80", "0.0.0.0:80", "[2001:db8::1]:80", "example.org:80", "localhost.example.org:80"] {
            assert!(Target::parse(other).is_err(), "{other}");
        }
    }
}
