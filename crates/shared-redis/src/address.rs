//! `REDIS_URL`: one server, the master that Sentinel names, or a cluster.

use core::fmt;
use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo, ProtocolVersion, RedisConnectionInfo};

/// Addresses that one URL may list: more are a mistake.
const MOST_HOSTS: usize = 32;
const SENTINEL_PORT: u16 = 26379;
const REDIS_PORT: u16 = 6379;

/// Where Redis is. Neither `Debug` nor anything else shows a password.
#[derive(Clone)]
pub struct Address {
    place: Place,
}

/// How the server is found.
#[derive(Clone)]
pub(crate) enum Place {
    /// It stays where it is.
    Server(ConnectionInfo),
    /// Any of these Sentinels knows where the master with this name is now.
    Sentinel {
        sentinels: Vec<ConnectionInfo>,
        master: String,
        /// Of the master: who we are there, and which of its databases.
        settings: RedisConnectionInfo,
        tls: bool,
    },
    /// Any of these nodes says which one has our keys.
    Cluster(Vec<ConnectionInfo>),
}

/// The text is no address of a Redis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongAddress;

impl Address {
    /// `redis://`, `rediss://` (TLS) or `unix://` for a server; `redis+sentinel://HOST,HOST/MASTER/NUMBER`;
    /// `redis+cluster://HOST,HOST`. The latter two with TLS begin with `rediss+`.
    ///
    /// # Errors
    /// When the text is none of them, or has a part that can't be meant.
    pub fn parse(text: &str) -> Result<Self, WrongAddress> {
        let (scheme, rest) = text.split_once("://").ok_or(WrongAddress)?;
        let place = match scheme.split_once('+') {
            Some((scheme @ ("redis" | "rediss"), "sentinel")) => sentinel(scheme, rest)?,
            Some((scheme @ ("redis" | "rediss"), "cluster")) => cluster(scheme, rest)?,
            _ => Place::Server(server(text)?),
        };
        Ok(Self { place })
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// Every address that the text has.
    pub(crate) fn listed(&self) -> &[ConnectionInfo] {
        match &self.place {
            Place::Server(server) => std::slice::from_ref(server),
            Place::Sentinel { sentinels: listed, .. } | Place::Cluster(listed) => listed,
        }
    }
}

fn server(text: &str) -> Result<ConnectionInfo, WrongAddress> {
    let url = redis::parse_redis_url(text).ok_or(WrongAddress)?;
    // `#insecure` would accept anybody's certificate.
    if url.fragment().is_some() {
        return Err(WrongAddress);
    }
    let info = url.into_connection_info().map_err(|_| WrongAddress)?;
    // The newer protocol carries announcements beside answers, so that one connection does for both.
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    Ok(info.set_redis_settings(settings))
}

/// The parts of an address with several hosts, which no parser of URLs takes as a whole.
struct Parts<'t> {
    scheme: &'t str,
    /// With its `@`, or empty.
    user: &'t str,
    hosts: Vec<&'t str>,
    /// Between slashes.
    path: Vec<&'t str>,
    query: &'t str,
}

impl<'t> Parts<'t> {
    fn of(scheme: &'t str, rest: &'t str) -> Result<Self, WrongAddress> {
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
        let parts = Self {
            scheme,
            user: &authority[..authority.len() - hosts.len()],
            hosts: hosts.split(',').collect(),
            path: path.split('/').filter(|part| !part.is_empty()).collect(),
            query,
        };
        if rest.contains('#') || query.contains('#') || parts.hosts.len() > MOST_HOSTS {
            return Err(WrongAddress);
        }
        Ok(parts)
    }

    /// One of the hosts, asked as this user for this database.
    fn server(&self, host: &str, port: u16, user: &str, number: &str) -> Result<ConnectionInfo, WrongAddress> {
        // A colon within brackets belongs to an address.
        let names_port = host.rsplit_once(']').map_or(host, |(_, port)| port).contains(':');
        let port = if names_port { String::new() } else { format!(":{port}") };
        server(&format!("{}://{user}{host}{port}/{number}", self.scheme))
    }
}

fn sentinel(scheme: &str, rest: &str) -> Result<Place, WrongAddress> {
    let parts = Parts::of(scheme, rest)?;
    let (master, number) = match parts.path[..] {
        [master] => (master, "0"),
        [master, number] => (master, number),
        _ => return Err(WrongAddress),
    };
    let known = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if !master.chars().all(known) {
        return Err(WrongAddress);
    }
    let settings = parts.server(parts.hosts[0], REDIS_PORT, parts.user, number)?.redis_settings().clone();
    let asking = who_asks_sentinel(&parts)?;
    let sentinels = parts.hosts.iter().map(|host| {
        let info = parts.server(host, SENTINEL_PORT, "", "0")?;
        Ok(info.set_redis_settings(asking.clone()))
    });
    Ok(Place::Sentinel {
        sentinels: sentinels.collect::<Result<_, _>>()?,
        master: master.to_owned(),
        settings,
        tls: scheme == "rediss",
    })
}

/// Sentinels have users and passwords of their own, or none.
fn who_asks_sentinel(parts: &Parts<'_>) -> Result<RedisConnectionInfo, WrongAddress> {
    let url = redis::parse_redis_url(&format!("redis://sentinel/?{}", parts.query)).ok_or(WrongAddress)?;
    let mut asking = RedisConnectionInfo::default();
    for (name, value) in url.query_pairs() {
        asking = match &*name {
            "sentinel_username" => asking.set_username(value),
            "sentinel_password" => asking.set_password(value),
            _ => return Err(WrongAddress),
        };
    }
    Ok(asking)
}

fn cluster(scheme: &str, rest: &str) -> Result<Place, WrongAddress> {
    let parts = Parts::of(scheme, rest)?;
    // A cluster has database 0 only.
    if !parts.query.is_empty() || !matches!(parts.path[..], [] | ["0"]) {
        return Err(WrongAddress);
    }
    let nodes = parts.hosts.iter().map(|host| parts.server(host, REDIS_PORT, parts.user, "0"));
    Ok(Place::Cluster(nodes.collect::<Result<_, _>>()?))
}

/// The node of a cluster that `answer` points to; `None` when it points nowhere. Asked as `asked` was.
pub(crate) fn redirected(asked: &ConnectionInfo, answer: &redis::RedisError) -> Option<ConnectionInfo> {
    let (place, _slot) = answer.redirect_node()?;
    let (host, port) = place.rsplit_once(':')?;
    let port = port.parse().ok()?;
    let other = |known: &str| if host.is_empty() { known.to_owned() } else { host.to_owned() };
    let addr = match asked.addr() {
        ConnectionAddr::Tcp(known, _) => ConnectionAddr::Tcp(other(known), port),
        ConnectionAddr::TcpTls { host: known, insecure, tls_params, .. } => {
            ConnectionAddr::TcpTls { host: other(known), port, insecure: *insecure, tls_params: tls_params.clone() }
        }
        _ => return None,
    };
    Some(asked.clone().set_addr(addr))
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Place::Sentinel { master, .. } = &self.place {
            write!(f, "{master} by Sentinel at ")?;
        }
        for (n, info) in self.listed().iter().enumerate() {
            write!(f, "{}{}", if n > 0 { "," } else { "" }, info.addr())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_never_shows_its_password() {
        for url in [
            "redis://:hunter2@cache:6379/1",
            "rediss://me:hunter2@cache",
            "unix:///run/redis.sock?pass=hunter2",
            "redis+sentinel://me:hunter2@one,two/main?sentinel_password=hunter2",
            "rediss+cluster://:hunter2@one:7000,two:7001",
        ] {
            let address = Address::parse(url).unwrap();
            let shown = format!("{address:?} {address}");
            assert!(!shown.contains("hunter2") && !shown.is_empty(), "{shown}");
        }
    }

    #[test]
    fn what_is_no_address_of_a_redis_is_refused() {
        for text in [
            "",
            "cache:6379",
            "http://cache",
            "redis://",
            "redis://cache/first",
            "rediss://cache#insecure",
            "redis+sentinel://cache",
            "redis+sentinel://cache/",
            "redis+sentinel:///main",
            "redis+sentinel://one,/main",
            "redis+sentinel://one,two:port/main",
            "redis+sentinel://one/main/first",
            "redis+sentinel://one/main/0/more",
            "redis+sentinel://one/ma%20in",
            "redis+sentinel://one/main?password=x",
            "rediss+sentinel://one/main#insecure",
            "redis+cluster://",
            "redis+cluster://one:7000,",
            "redis+cluster://one/1",
            "redis+cluster://one?x=1",
            "redis+clusters://one",
            "valkey+sentinel://one/main",
        ] {
            assert_eq!(Address::parse(text).unwrap_err(), WrongAddress, "{text}");
        }
    }

    #[test]
    fn a_master_is_asked_for_by_its_name_and_entered_as_its_user() {
        let text = "rediss+sentinel://me:p%40ss@one,two:5000,[::1]/my-main.1/3?sentinel_password=s%26t";
        let address = Address::parse(text).unwrap();
        assert_eq!(address.to_string(), "my-main.1 by Sentinel at one:26379,two:5000,::1:26379");
        let Place::Sentinel { sentinels, settings, tls, .. } = address.place() else { panic!("{address}") };
        assert_eq!((settings.username(), settings.password(), settings.db()), (Some("me"), Some("p@ss"), 3));
        assert_eq!(settings.protocol(), ProtocolVersion::RESP3);
        assert!(*tls && matches!(sentinels[0].addr(), ConnectionAddr::TcpTls { insecure: false, .. }));
        let asking = sentinels[2].redis_settings();
        assert_eq!((asking.username(), asking.password(), asking.db()), (None, Some("s&t"), 0));
    }

    #[test]
    fn every_node_of_a_cluster_is_entered_as_the_same_user() {
        let address = Address::parse("redis+cluster://me:secret@one:7000,two,[::1]:7002/0").unwrap();
        assert_eq!(address.to_string(), "one:7000,two:6379,::1:7002");
        assert!(address.listed().iter().all(|node| node.redis_settings().password() == Some("secret")));
    }

    #[test]
    fn a_redirection_keeps_the_user_and_an_unnamed_host_is_the_one_that_was_asked() {
        let moved = |to: &str| {
            let answer = format!("-MOVED 3999 {to}\r\n");
            redis::parse_redis_value(answer.as_bytes()).unwrap().extract_error().unwrap_err()
        };
        let Address { place: Place::Cluster(nodes) } = Address::parse("rediss+cluster://me:x@one:7000").unwrap() else {
            panic!("a cluster")
        };
        for (to, expected) in [("two:7001", "two:7001"), (":7002", "one:7002"), ("::1:7003", "::1:7003")] {
            let next = redirected(&nodes[0], &moved(to)).unwrap();
            assert_eq!(next.addr().to_string(), expected);
            assert_eq!(next.redis_settings().username(), Some("me"));
            assert!(matches!(next.addr(), ConnectionAddr::TcpTls { .. }), "what was encrypted stays so");
        }
        assert!(redirected(&nodes[0], &moved("nowhere")).is_none());
    }
}
