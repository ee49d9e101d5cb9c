//! Whose request it is, when proxies stand between: they tell, but only those that the operator trusts are
//! believed.

use http::{HeaderMap, header};
use ipnet::IpNet;
use std::net::IpAddr;

/// The trusted proxies.
pub(crate) struct Proxies {
    trusted: Vec<IpNet>,
}

impl Proxies {
    pub(crate) const fn new(trusted: Vec<IpNet>) -> Self {
        Self { trusted }
    }

    /// Whether what this peer says about a request is believed.
    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted.iter().any(|network| network.contains(&address))
    }

    /// The nearest address that no trusted proxy has: from the right, each hop vouches for the one before.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.trusts(client) {
            return client;
        }
        for hop in forwarded(headers).rev() {
            // What can't be read ends the chain: whoever is left of it is hearsay.
            let Some(address) = hop else { return client };
            client = address.to_canonical();
            if !self.trusts(client) {
                return client;
            }
        }
        client
    }
}

/// The hops from left to right: `X-Forwarded-For`, or where that is missing `Forwarded` (RFC 7239).
fn forwarded(headers: &HeaderMap) -> std::vec::IntoIter<Option<IpAddr>> {
    let listed = |name: header::HeaderName| {
        let values = headers.get_all(name).into_iter().map(|value| value.to_str().unwrap_or(""));
        values.flat_map(|value| value.split(',')).map(str::trim)
    };
    let hops: Vec<Option<IpAddr>> = if headers.contains_key("x-forwarded-for") {
        listed(header::HeaderName::from_static("x-forwarded-for")).map(address).collect()
    } else {
        listed(header::FORWARDED).map(|hop| hop.split(';').find_map(for_parameter).and_then(address)).collect()
    };
    hops.into_iter()
}

fn for_parameter(parameter: &str) -> Option<&str> {
    let (name, value) = parameter.trim().split_once('=')?;
    name.eq_ignore_ascii_case("for").then(|| value.trim_matches('"'))
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
fn address(text: &str) -> Option<IpAddr> {
    let socket = || text.parse::<std::net::SocketAddr>().map(|socket| socket.ip());
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse().or_else(|_| socket()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, name: &'static str, value: &str) -> String {
        let proxies = Proxies::new(vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()]);
        let headers = HeaderMap::from_iter([(header::HeaderName::from_static(name), value.parse().unwrap())]);
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_stranger_can_not_say_who_it_is() {
        assert_eq!(client("192.0.2.9", "x-forwarded-for", "198.51.100.1"), "192.0.2.9");
    }

    #[test]
    fn the_chain_is_followed_from_the_right_through_trusted_hops_only() {
        for (chain, address) in [
            ("198.51.100.1", "198.51.100.1"),
            ("1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
            ("198.51.100.1:4711", "198.51.100.1"),
            ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]:80", "2001:db8::7"),
            ("::ffff:198.51.100.1", "198.51.100.1"),
            ("1.1.1.1, rubbish, 10.0.0.2", "10.0.0.2"),
            ("", "10.0.0.1"),
            ("10.0.0.3", "10.0.0.3"),
        ] {
            assert_eq!(client("10.0.0.1", "x-forwarded-for", chain), address, "{chain}");
        }
        assert_eq!(client("::1", "forwarded", "for=1.1.1.1, for=\"[2001:db8::7]:1\";proto=https"), "2001:db8::7");
        assert_eq!(client("::ffff:10.0.0.1", "forwarded", "for=unknown"), "10.0.0.1");
    }
}
