//! Where the generator's requests come from.

mod identifier;
mod mixed;
mod submissions;

pub(crate) use mixed::Mixed;
pub(crate) use submissions::{Ids, Submissions};

use crate::load::Target;

/// A source of whole HTTP/1.1 requests.
pub(crate) trait Requests: Send {
    /// Appends the bytes of the next request.
    fn write_next(&mut self, out: &mut Vec<u8>);
}

/// The same request again and again.
#[derive(Clone, Debug)]
pub(crate) struct Fixed(Vec<u8>);

impl Fixed {
    /// Reads `path`, like a client that accepts `encoding`.
    pub(crate) fn get(target: Target, path: &str, encoding: Option<&str>) -> Self {
        let encoding = encoding.map(|value| format!("accept-encoding: {value}\r\n")).unwrap_or_default();
        Self(format!("GET {path} HTTP/1.1\r\nhost: {}\r\naccept: */*\r\n{encoding}\r\n", target.address()).into_bytes())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Requests for Fixed {
    fn write_next(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
}
