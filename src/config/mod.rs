//! What the operator may set: defaults < `allot.toml` < environment < flags.
//!
//! Every value is checked before anything starts, and a wrong one is reported in one line with its key, the
//! value and what is allowed. Secrets never print.

mod connections;
mod database;
mod error;
mod key;
mod layers;
mod limits;
mod profile;
mod public_url;
mod secret;
mod value;

pub use database::{Database, Scheme};
pub use error::ConfigError;
pub use key::Key;
pub use layers::Layers;
pub use limits::Limits;
pub use profile::Profile;
pub use public_url::PublicUrl;
pub use secret::Secret;

use ipnet::IpNet;
use std::{path::PathBuf, time::Duration};

/// A checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen, `host:port`.
    pub addr: String,
    /// The folder with the built pages' assets; `None` when none was found.
    pub site_root: Option<PathBuf>,
    /// Signs cookies and keys hashes; `None` = made and kept in the data folder.
    pub secret: Option<Secret>,
    /// The address that people use; `None` = the request's own host.
    pub public_url: Option<PublicUrl>,
    /// Submissions an hour of one participant, 0 = no limit.
    pub submissions_per_hour: u32,
    /// Submissions an hour of one IPv4 address or IPv6 /64, 0 = no limit.
    pub address_submissions_per_hour: u32,
    /// Proxies whose forwarded addresses are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether browsers get the service worker; otherwise they are told to remove it.
    pub service_worker: bool,
    /// Which defaults apply.
    pub profile: Profile,
    /// The folder for what this server keeps.
    pub data: PathBuf,
    /// The database.
    pub database: Database,
    /// A streaming replica of it, to read from.
    pub replica: Option<Database>,
    /// Limits of the connections to a database server.
    pub connections: store_postgres::Options,
    /// What all processes share; `None` = this one is alone, or as slow as without.
    pub redis: Option<shared_redis::Address>,
    /// The longest that one question to Redis may take.
    pub redis_timeout: Duration,
    /// Streams of live aggregates at the same time, over all budgets.
    pub live_streams: usize,
    /// Whether a serving process does background jobs.
    pub worker: bool,
    /// A worker that is silent for so long is dead, and its jobs go to another.
    pub worker_lease: Duration,
    /// Where only operators listen: metrics, health and the operations routes; `None` = metrics are public.
    pub ops_addr: Option<String>,
    /// Who shows it may use the operations routes; `None` = nobody.
    pub ops_token: Option<Secret>,
    /// The folder for backups.
    pub backups: PathBuf,
    /// Whether a worker makes one every night: whoever names the folder wants some.
    pub backups_nightly: bool,
    /// Backups that stay in it; `None` = all.
    pub backups_keep: Option<usize>,
    /// So many visits of a hundred tell how fast their page was; 0 = none, and no script that could.
    pub web_vitals: u8,
    /// Settings that are given, but have no effect in this version.
    pub unused: Vec<Key>,
    /// Bounds of time and size on connections and requests.
    pub limits: Limits,
}

impl Config {
    /// Reads and checks all layers.
    ///
    /// # Errors
    /// The first wrong value.
    pub fn load(layers: &Layers) -> Result<Self, ConfigError> {
        let profile = layers.parse(Key::Profile, value::profile)?.unwrap_or_default();
        let data = layers.get(Key::Data).map_or_else(|| PathBuf::from("data"), |value| PathBuf::from(value.as_str()));
        let database = match layers.parse(Key::DatabaseUrl, Database::parse)? {
            Some(database) => database,
            None => Database::in_folder(&data),
        };
        let secret = layers.parse(Key::Secret, Secret::parse)?;
        if secret.is_none() && database.scheme() != Scheme::Sqlite {
            return Err(ConfigError::missing(Key::Secret, "it is required with this DATABASE_URL"));
        }
        let scheme = database.scheme();
        let without_server = if scheme == Scheme::Sqlite { Key::CONNECTIONS.as_slice() } else { &[] };
        Ok(Self {
            addr: layers.parse(Key::Addr, value::addr)?.unwrap_or_else(|| "127.0.0.1:3000".into()),
            site_root: layers.parse(Key::SiteRoot, value::site_root)?.or_else(value::find_site_root),
            secret,
            public_url: layers.parse(Key::PublicUrl, PublicUrl::parse)?,
            submissions_per_hour: layers.parse(Key::SubmissionsPerHour, value::count)?.unwrap_or(10),
            address_submissions_per_hour: layers.parse(Key::AddressSubmissionsPerHour, value::count)?.unwrap_or(300),
            trusted_proxies: layers.parse(Key::TrustedProxies, value::networks)?.unwrap_or_default(),
            service_worker: layers.parse(Key::ServiceWorker, value::switch)?.unwrap_or(true),
            profile,
            backups_nightly: layers.get(Key::Backups).is_some(),
            backups: layers.get(Key::Backups).map_or_else(|| data.join("backups"), PathBuf::from),
            backups_keep: layers
                .parse(Key::BackupsKeep, value::count)?
                .map(|keep| keep as usize)
                .filter(|keep| *keep > 0),
            data,
            database,
            connections: connections::load(layers)?,
            redis: layers.parse(Key::RedisUrl, value::redis)?,
            redis_timeout: layers.parse(Key::RedisTimeout, value::milliseconds)?.unwrap_or(Duration::from_millis(40)),
            live_streams: layers.parse(Key::LiveStreams, value::count)?.unwrap_or(1000) as usize,
            worker: layers.parse(Key::Worker, value::switch)?.unwrap_or(true),
            worker_lease: layers.parse(Key::WorkerLease, value::lease)?.unwrap_or(Duration::from_secs(30)),
            ops_addr: layers.parse(Key::OpsAddr, value::addr)?,
            ops_token: layers.parse(Key::OpsToken, Secret::parse)?,
            web_vitals: layers.parse(Key::WebVitals, value::percent)?.unwrap_or(10),
            replica: layers.parse(Key::DatabaseReadUrl, |text| Database::replica(text, scheme))?,
            unused: without_server.iter().copied().filter(|key| layers.get(*key).is_some()).collect(),
            limits: Limits::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(values: &[(Key, &str)]) -> Result<Config, String> {
        let mut layers = Layers::default();
        for (key, value) in values {
            layers.set(*key, *value);
        }
        Config::load(&layers).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_set_is_the_embedded_default() {
        let config = load(&[]).unwrap();
        assert_eq!(config.addr, "127.0.0.1:3000");
        assert_eq!(config.database.path(), Some(PathBuf::from("data/allot.sqlite")));
        assert_eq!((config.submissions_per_hour, config.address_submissions_per_hour), (10, 300));
        assert_eq!(load(&[(Key::Data, "/srv/x")]).unwrap().database.path(), Some("/srv/x/allot.sqlite".into()));
    }

    #[test]
    fn a_wrong_value_is_one_line_with_key_value_and_what_is_allowed() {
        for (key, value) in [
            (Key::Addr, "3000"),
            (Key::Addr, "localhost:99999"),
            (Key::SiteRoot, "/nowhere"),
            (Key::PublicUrl, "allot.example"),
            (Key::PublicUrl, "https://allot.example/path"),
            (Key::SubmissionsPerHour, "-1"),
            (Key::SubmissionsPerHour, "ten"),
            (Key::TrustedProxies, "10.0.0.0/33"),
            (Key::ServiceWorker, "no"),
            (Key::Profile, "prod"),
            (Key::DatabaseUrl, "mysql://db"),
            (Key::RedisUrl, "localhost:6379"),
            (Key::RedisUrl, "redis+sentinel://one:26379,two:26379"),
            (Key::RedisUrl, "redis+cluster://one:7000/1"),
            (Key::RedisTimeout, "0"),
            (Key::RedisTimeout, "50ms"),
            (Key::LiveStreams, "many"),
            (Key::OpsAddr, "9100"),
            (Key::Worker, "yes"),
            (Key::WorkerLease, "2"),
            (Key::BackupsKeep, "-1"),
            (Key::WebVitals, "101"),
            (Key::WebVitals, "10%"),
        ] {
            let error = load(&[(key, value)]).unwrap_err();
            assert!(!error.contains('\n'), "{error}");
            assert!(error.starts_with(key.env()) && error.contains(&format!("\"{value}\"")), "{error}");
            assert!(error.contains("; allowed: "), "{error}");
        }
    }

    #[test]
    fn no_error_and_no_debug_output_shows_a_secret() {
        let error = load(&[(Key::Secret, "hunter2")]).unwrap_err();
        assert!(error.starts_with("ALLOT_SECRET") && !error.contains("hunter2"), "{error}");
        let error = load(&[(Key::OpsToken, "hunter2")]).unwrap_err();
        assert!(error.starts_with("ALLOT_OPS_TOKEN") && !error.contains("hunter2"), "{error}");
        let error = load(&[(Key::DatabaseUrl, "mysql://me:hunter2@db/x")]).unwrap_err();
        assert!(error.contains("me:***@db") && !error.contains("hunter2"), "{error}");
        for url in [
            "http://:hunter2@cache",
            "me:hunter2@cache",
            "http://cache/?pass=hunter2&db=1",
            "redis+sentinel://me:hunter2@cache",
            "redis+sentinel://cache?sentinel_password=hunter2",
        ] {
            let error = load(&[(Key::RedisUrl, url)]).unwrap_err();
            assert!(error.contains("cache") && !error.contains("hunter2"), "{error}");
        }
        let config = load(&[(Key::RedisUrl, "redis://:hunter2@cache")]).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
        let config = load(&[(Key::Secret, "hunter2hunter2hunter2hunter2hunter2")]).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
