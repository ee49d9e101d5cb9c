//! `REDIS_URL`.

use core::fmt;
use redis::{ConnectionInfo, IntoConnectionInfo, ProtocolVersion};

/// Where Redis is. Neither `Debug` nor anything else shows a password.
#[derive(Clone)]
pub struct Address {
    info: ConnectionInfo,
}

/// The text is no address of a Redis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongAddress;

impl Address {
    /// `redis://`, `rediss://` (TLS) or `unix://`.
    ///
    /// # Errors
    /// When the text is none of them, or has a part that can't be meant.
    pub fn parse(text: &str) -> Result<Self, WrongAddress> {
        let url = redis::parse_redis_url(text).ok_or(WrongAddress)?;
        // `#insecure` would accept anybody's certificate.
        if url.fragment().is_some() {
            return Err(WrongAddress);
        }
        let info = url.into_connection_info().map_err(|_| WrongAddress)?;
        // The newer protocol carries announcements beside answers, so that one connection does for both.
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        Ok(Self { info: info.set_redis_settings(settings) })
    }

    pub(crate) fn info(&self) -> ConnectionInfo {
        self.info.clone()
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.info.addr())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.info.addr())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_never_shows_its_password() {
        for url in ["redis://:hunter2@cache:6379/1", "rediss://me:hunter2@cache", "unix:///run/redis.sock?pass=hunter2"]
        {
            let address = Address::parse(url).unwrap();
            let shown = format!("{address:?} {address}");
            assert!(!shown.contains("hunter2") && !shown.is_empty(), "{shown}");
        }
    }

    #[test]
    fn what_is_no_address_of_a_redis_is_refused() {
        for text in ["", "cache:6379", "http://cache", "redis://", "redis://cache/first", "rediss://cache#insecure"] {
            assert_eq!(Address::parse(text).unwrap_err(), WrongAddress, "{text}");
        }
    }
}
