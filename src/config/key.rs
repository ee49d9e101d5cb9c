//! The names of the settings.

/// A setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// `ALLOT_ADDR`
    Addr,
    /// `ALLOT_SITE_ROOT`
    SiteRoot,
    /// `ALLOT_SECRET`
    Secret,
    /// `ALLOT_PUBLIC_URL`
    PublicUrl,
    /// `ALLOT_SUBMISSIONS_PER_HOUR`
    SubmissionsPerHour,
    /// `ALLOT_ADDRESS_SUBMISSIONS_PER_HOUR`
    AddressSubmissionsPerHour,
    /// `ALLOT_TRUSTED_PROXIES`
    TrustedProxies,
    /// `ALLOT_SERVICE_WORKER`
    ServiceWorker,
    /// `ALLOT_PROFILE`
    Profile,
    /// `ALLOT_DATA`
    Data,
    /// `DATABASE_URL`
    DatabaseUrl,
    /// `DATABASE_READ_URL`
    DatabaseReadUrl,
    /// `ALLOT_DATABASE_POOL`
    DatabasePool,
    /// `ALLOT_DATABASE_LIFETIME`
    DatabaseLifetime,
    /// `ALLOT_DATABASE_IDLE_TIMEOUT`
    DatabaseIdleTimeout,
    /// `ALLOT_DATABASE_ACQUIRE_TIMEOUT`
    DatabaseAcquireTimeout,
    /// `ALLOT_DATABASE_CHECK_AFTER`
    DatabaseCheckAfter,
    /// `ALLOT_DATABASE_STATEMENT_TIMEOUT`
    DatabaseStatementTimeout,
    /// `REDIS_URL`
    RedisUrl,
    /// `ALLOT_REDIS_TIMEOUT_MS`
    RedisTimeout,
    /// `ALLOT_LIVE_STREAMS`
    LiveStreams,
    /// `ALLOT_WORKER`
    Worker,
    /// `ALLOT_WORKER_LEASE`
    WorkerLease,
    /// `ALLOT_OPS_ADDR`
    OpsAddr,
    /// `ALLOT_OPS_TOKEN`
    OpsToken,
    /// `ALLOT_BACKUPS`
    Backups,
    /// `ALLOT_BACKUPS_KEEP`
    BackupsKeep,
    /// `ALLOT_WEB_VITALS`
    WebVitals,
}

impl Key {
    /// Every setting.
    pub const ALL: [Self; 28] = [
        Self::Addr,
        Self::SiteRoot,
        Self::Secret,
        Self::PublicUrl,
        Self::SubmissionsPerHour,
        Self::AddressSubmissionsPerHour,
        Self::TrustedProxies,
        Self::ServiceWorker,
        Self::Profile,
        Self::Data,
        Self::DatabaseUrl,
        Self::DatabaseReadUrl,
        Self::DatabasePool,
        Self::DatabaseLifetime,
        Self::DatabaseIdleTimeout,
        Self::DatabaseAcquireTimeout,
        Self::DatabaseCheckAfter,
        Self::DatabaseStatementTimeout,
        Self::RedisUrl,
        Self::RedisTimeout,
        Self::LiveStreams,
        Self::Worker,
        Self::WorkerLease,
        Self::OpsAddr,
        Self::OpsToken,
        Self::Backups,
        Self::BackupsKeep,
        Self::WebVitals,
    ];

    /// What only a database server with connections has.
    pub(super) const CONNECTIONS: [Self; 6] = [
        Self::DatabasePool,
        Self::DatabaseLifetime,
        Self::DatabaseIdleTimeout,
        Self::DatabaseAcquireTimeout,
        Self::DatabaseCheckAfter,
        Self::DatabaseStatementTimeout,
    ];

    /// The environment variable.
    #[must_use]
    pub const fn env(self) -> &'static str {
        match self {
            Self::Addr => "ALLOT_ADDR",
            Self::SiteRoot => "ALLOT_SITE_ROOT",
            Self::Secret => "ALLOT_SECRET",
            Self::PublicUrl => "ALLOT_PUBLIC_URL",
            Self::SubmissionsPerHour => "ALLOT_SUBMISSIONS_PER_HOUR",
            Self::AddressSubmissionsPerHour => "ALLOT_ADDRESS_SUBMISSIONS_PER_HOUR",
            Self::TrustedProxies => "ALLOT_TRUSTED_PROXIES",
            Self::ServiceWorker => "ALLOT_SERVICE_WORKER",
            Self::Profile => "ALLOT_PROFILE",
            Self::Data => "ALLOT_DATA",
            Self::DatabaseUrl => "DATABASE_URL",
            Self::DatabaseReadUrl => "DATABASE_READ_URL",
            Self::DatabasePool => "ALLOT_DATABASE_POOL",
            Self::DatabaseLifetime => "ALLOT_DATABASE_LIFETIME",
            Self::DatabaseIdleTimeout => "ALLOT_DATABASE_IDLE_TIMEOUT",
            Self::DatabaseAcquireTimeout => "ALLOT_DATABASE_ACQUIRE_TIMEOUT",
            Self::DatabaseCheckAfter => "ALLOT_DATABASE_CHECK_AFTER",
            Self::DatabaseStatementTimeout => "ALLOT_DATABASE_STATEMENT_TIMEOUT",
            Self::RedisUrl => "REDIS_URL",
            Self::RedisTimeout => "ALLOT_REDIS_TIMEOUT_MS",
            Self::LiveStreams => "ALLOT_LIVE_STREAMS",
            Self::Worker => "ALLOT_WORKER",
            Self::WorkerLease => "ALLOT_WORKER_LEASE",
            Self::OpsAddr => "ALLOT_OPS_ADDR",
            Self::OpsToken => "ALLOT_OPS_TOKEN",
            Self::Backups => "ALLOT_BACKUPS",
            Self::BackupsKeep => "ALLOT_BACKUPS_KEEP",
            Self::WebVitals => "ALLOT_WEB_VITALS",
        }
    }

    /// The key in `allot.toml`: the variable in lower case without `ALLOT_`.
    #[must_use]
    pub fn toml(self) -> String {
        let env = self.env();
        env.strip_prefix("ALLOT_").unwrap_or(env).to_lowercase()
    }

    /// What may stand there, for people.
    #[must_use]
    pub const fn allowed(self) -> &'static str {
        match self {
            Self::Addr => "host:port, such as 127.0.0.1:3000",
            Self::SiteRoot => "a folder made by `cargo xtask build`, such as target/site",
            Self::Secret => "at least 32 characters, kept secret and the same in every process",
            Self::PublicUrl => "http:// or https:// and a host without a path, such as https://allot.example",
            Self::SubmissionsPerHour | Self::AddressSubmissionsPerHour => "a whole number from 0 (no limit) to 1000000",
            Self::TrustedProxies => "networks or addresses with commas between, such as 10.0.0.0/8,::1",
            Self::ServiceWorker => "on, or off to remove it from every browser",
            Self::Profile => "development, staging or production",
            Self::Data => "a folder, such as data",
            Self::DatabaseUrl => "sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME, such as sqlite:data/allot.sqlite",
            Self::DatabasePool => "a number of connections from 2 to 1000",
            Self::DatabaseLifetime | Self::DatabaseIdleTimeout => "whole seconds from 1 to 86400",
            Self::DatabaseAcquireTimeout => "whole seconds from 1 to 60",
            Self::DatabaseCheckAfter => "whole seconds from 0 (before every use) to 86400",
            Self::DatabaseStatementTimeout => "whole seconds from 1 to 600",
            Self::DatabaseReadUrl => {
                "postgres://USER:PASSWORD@HOST/NAME of a streaming replica, beside a DATABASE_URL of PostgreSQL"
            }
            Self::RedisUrl => {
                "redis://USER:PASSWORD@HOST:PORT/NUMBER (rediss:// for TLS), unix:// and a path, \
                 redis+sentinel://HOST:PORT,HOST:PORT/MASTER/NUMBER or redis+cluster://HOST:PORT,HOST:PORT, such as \
                 redis://localhost"
            }
            Self::RedisTimeout => "a whole number of milliseconds from 1 to 10000",
            Self::LiveStreams => "a whole number from 0 (none) to 1000000",
            Self::Worker => "on, or off where `allot worker` does the background jobs",
            Self::WorkerLease => "whole seconds from 3 to 600, the same in every process",
            Self::OpsAddr => "host:port that only operators reach, such as 127.0.0.1:9190",
            Self::OpsToken => "at least 32 characters, kept secret",
            Self::Backups => "a folder, such as data/backups",
            Self::BackupsKeep => "a whole number from 0 (all stay) to 1000000",
            Self::WebVitals => "so many visits of a hundred, from 0 (none) to 100",
        }
    }

    /// Whether its value is a secret as a whole.
    pub(super) const fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::OpsToken)
    }
}
