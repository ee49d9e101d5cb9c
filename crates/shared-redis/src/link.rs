//! The one connection of this process: made and kept by a task of its own, used by everybody, behind the breaker.
//!
//! Calls share it: they are sent as they come and answered in order, one round trip each. A call never waits for a
//! connection; without one it fails at once.

use crate::{
    address::{Address, Place, redirected},
    breaker::{Breaker, Condition},
    meter::{Meter, Operation, Outcome},
    names::{Names, PROBE_LIFETIME},
    news::News,
    shared::millis,
};
use arc_swap::ArcSwapOption;
use redis::{
    AsyncConnectionConfig, Client, ConnectionInfo, ErrorKind, PushInfo, PushKind, RedisError, RedisResult,
    ServerErrorKind, TlsMode, Value,
    aio::MultiplexedConnection,
    sentinel::{Sentinel, SentinelNodeConnectionInfo},
};
use service::port::{SharedError, SharedResult};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{sync::Notify, time::timeout};

/// Until a connection must be made and its probe answered. Nobody waits for it but the task that does it.
const CONNECT_PATIENCE: Duration = Duration::from_secs(1);
/// Until one of the Sentinels must have named the master; those that are gone are waited for first.
const SENTINEL_PATIENCE: Duration = Duration::from_secs(5);
/// How often one attempt is sent on by a cluster's nodes. Two are enough unless it is just being changed.
const REDIRECTIONS: u32 = 3;
/// How often an idle connection is asked for a sign of life, so that a dead one is noticed before it is needed.
const PING_EVERY: Duration = Duration::from_secs(5);
/// Calls that may wait to be sent.
const QUEUE: usize = 1024;

/// A connection in use.
struct Live {
    connection: MultiplexedConnection,
    /// Its address, for the log.
    server: String,
    /// Told once when it is of no more use.
    over: Arc<Notify>,
}

pub(crate) struct Link {
    address: Address,
    names: Names,
    patience: Duration,
    /// Changes only under the breaker's lock, so that the two speak of the same connection.
    live: ArcSwapOption<Live>,
    breaker: Mutex<Breaker>,
    news: Arc<News>,
    meter: Meter,
    /// Told when the first attempt to connect has ended.
    attempted: Notify,
}

impl Link {
    pub(crate) fn new(address: &Address, names: Names, patience: Duration) -> RedisResult<Self> {
        for listed in address.listed() {
            Client::open(listed.clone())?;
        }
        Ok(Self {
            address: address.clone(),
            names,
            patience,
            live: ArcSwapOption::empty(),
            breaker: Mutex::new(Breaker::new()),
            news: Arc::default(),
            meter: Meter::default(),
            attempted: Notify::new(),
        })
    }

    pub(crate) fn news(&self) -> &News {
        &self.news
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    pub(crate) fn condition(&self) -> Condition {
        self.breaker().condition()
    }

    /// Waits until the first attempt to connect has ended, well or badly.
    pub(crate) async fn attempted(&self) {
        self.attempted.notified().await;
    }

    /// Asks Redis, if there is a connection, for as long as a call may take.
    pub(crate) async fn ask<T, F>(
        &self,
        operation: Operation,
        call: impl FnOnce(MultiplexedConnection) -> F + Send,
    ) -> SharedResult<T>
    where
        F: Future<Output = RedisResult<T>> + Send,
    {
        let Some(live) = self.live.load_full() else {
            self.meter.count(operation, Outcome::Skipped, Duration::ZERO);
            return Err(SharedError("Redis is not available".into()));
        };
        let started = Instant::now();
        let answer = timeout(self.patience, call(live.connection.clone())).await;
        let (failure, hopeless) = match answer {
            Ok(Ok(answer)) => {
                self.meter.count(operation, Outcome::Answered, started.elapsed());
                self.answered(&live);
                return Ok(answer);
            }
            Ok(Err(error)) => (SharedError(error.to_string()), is_elsewhere(&error)),
            Err(_) => (SharedError(format!("no answer within {} ms", self.patience.as_millis())), false),
        };
        self.meter.count(operation, Outcome::Failed, started.elapsed());
        self.failed(&live, &failure, hopeless);
        Err(failure)
    }

    /// The same for what nobody depends on: neither counted, nor a reason to give up.
    pub(crate) async fn peek<T, F>(&self, call: impl FnOnce(MultiplexedConnection) -> F + Send) -> Option<T>
    where
        F: Future<Output = RedisResult<T>> + Send,
    {
        let live = self.live.load_full()?;
        match timeout(CONNECT_PATIENCE, call(live.connection.clone())).await {
            Ok(Ok(answer)) => Some(answer),
            Ok(Err(error)) => {
                tracing::debug!(%error, "Redis does not tell");
                None
            }
            Err(_) => None,
        }
    }

    /// Keeps a connection for as long as it is not aborted.
    pub(crate) async fn keep(self: Arc<Self>) {
        let mut told = false;
        loop {
            match self.connect().await {
                Ok(live) => {
                    let live = Arc::new(live);
                    self.connected(&live);
                    self.attempted.notify_one();
                    told = false;
                    tracing::info!(server = %live.server, "connected to Redis");
                    self.until_over(&live).await;
                    if self.lost() {
                        self.meter.count_opening();
                        tracing::warn!("the connection to Redis is lost; doing without");
                    }
                }
                Err(error) => {
                    self.breaker().failed();
                    // Once is enough for who reads the log; how it goes on is in the metrics.
                    if std::mem::replace(&mut told, true) {
                        tracing::debug!(%error, "Redis still does not answer");
                    } else {
                        tracing::warn!(%error, "Redis does not answer; doing without");
                    }
                    self.attempted.notify_one();
                }
            }
            // Without randomness the pause is merely not jittered.
            let pause = self.breaker().pause(getrandom::u32().unwrap_or(u32::MAX));
            tokio::time::sleep(pause).await;
            self.breaker().probe();
        }
    }

    /// Finds the server and connects to it.
    async fn connect(&self) -> RedisResult<Live> {
        match self.address.place() {
            Place::Server(server) => self.open(server).await,
            Place::Sentinel { sentinels, master, settings, tls } => {
                // Asked anew each time: whoever it named before may be the one that is gone.
                let mut entry = SentinelNodeConnectionInfo::default().set_redis_connection_info(settings.clone());
                if *tls {
                    entry = entry.set_tls_mode(TlsMode::Secure);
                }
                let mut sentinel = Sentinel::build(sentinels.clone())?;
                let found = timeout(SENTINEL_PATIENCE, sentinel.async_master_for(master, Some(&entry))).await;
                let found = found.unwrap_or_else(|_| Err(no_answer()))?;
                self.open(found.get_connection_info()).await
            }
            Place::Cluster(nodes) => {
                let mut failure = no_answer();
                for node in nodes {
                    match self.follow(node).await {
                        Ok(live) => return Ok(live),
                        Err(error) => failure = error,
                    }
                }
                Err(failure)
            }
        }
    }

    /// Connects to the node that has our slot of the cluster. All our keys are in one (see `names.rs`), so one
    /// connection to its master is enough; announcements reach all nodes.
    async fn follow(&self, node: &ConnectionInfo) -> RedisResult<Live> {
        let mut node = node.clone();
        for _ in 0..REDIRECTIONS {
            let error = match self.open(&node).await {
                Ok(live) => return Ok(live),
                Err(error) => error,
            };
            node = redirected(&node, &error).ok_or(error)?;
        }
        Err((ErrorKind::Io, "the nodes of the cluster point to each other").into())
    }

    async fn open(&self, server: &ConnectionInfo) -> RedisResult<Live> {
        let opened = timeout(CONNECT_PATIENCE, self.open_and_probe(server)).await;
        opened.unwrap_or_else(|_| Err(no_answer()))
    }

    /// Connects, and probes what will be needed: a write, scripts and announcements. A Redis that takes none, such as
    /// a replica or a full one, is of no use to us; asking again may find another.
    async fn open_and_probe(&self, server: &ConnectionInfo) -> RedisResult<Live> {
        let over = Arc::new(Notify::new());
        let (news, lost) = (Arc::clone(&self.news), Arc::clone(&over));
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_PATIENCE))
            // It stays with the connection: every question has a shorter limit of its own.
            .set_response_timeout(Some(self.patience.max(CONNECT_PATIENCE)))
            .set_pipeline_buffer_size(QUEUE)
            .set_push_sender(move |push: PushInfo| {
                match (push.kind, push.data.as_slice()) {
                    (PushKind::Disconnection, _) => lost.notify_one(),
                    (PushKind::Message, [_, Value::BulkString(text)]) => news.announce(text),
                    _ => {}
                }
                Ok::<(), ()>(())
            });
        let client = Client::open(server.clone())?;
        let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
        // Apart from the scripts: of several answers together the place that one points to is not told.
        let mut write = redis::cmd("SET");
        write.arg(self.names.probe()).arg(1).arg("PX").arg(millis(PROBE_LIFETIME));
        write.query_async::<()>(&mut connection).await?;
        let mut load = redis::pipe();
        for script in crate::shared::scripts() {
            load.cmd("SCRIPT").arg("LOAD").arg(script).ignore();
        }
        load.query_async::<()>(&mut connection).await?;
        connection.subscribe(self.names.news()).await?;
        Ok(Live { connection, server: server.addr().to_string(), over })
    }

    /// Until the connection breaks or calls over it fail too often.
    async fn until_over(&self, live: &Live) {
        let watch = async {
            loop {
                tokio::time::sleep(PING_EVERY).await;
                let _ = self.ping().await;
            }
        };
        tokio::select! {
            () = live.over.notified() => {}
            () = watch => {}
        }
    }

    /// One round trip.
    pub(crate) async fn ping(&self) -> SharedResult<()> {
        self.ask(Operation::Ping, |mut connection| async move {
            redis::cmd("PING").query_async::<()>(&mut connection).await
        })
        .await
    }

    /// `hopeless`: asking there again would be in vain.
    fn failed(&self, live: &Arc<Live>, failure: &SharedError, hopeless: bool) {
        if self.give_up(live, hopeless) {
            self.meter.count_opening();
            tracing::warn!(error = %failure, "Redis fails; doing without");
            live.over.notify_one();
        }
    }

    /// What comes over a connection that was given up, well or badly, says nothing about its successor, which may come
    /// at any moment.
    fn is_current(&self, live: &Arc<Live>) -> bool {
        self.live.load().as_ref().is_some_and(|current| Arc::ptr_eq(current, live))
    }

    fn answered(&self, live: &Arc<Live>) {
        let mut breaker = self.breaker();
        if self.is_current(live) {
            breaker.succeeded();
        }
    }

    /// Whether that opened the breaker.
    fn give_up(&self, live: &Arc<Live>, at_once: bool) -> bool {
        let mut breaker = self.breaker();
        let opened = self.is_current(live) && if at_once { breaker.lost() } else { breaker.failed() };
        if opened {
            self.live.store(None);
        }
        opened
    }

    fn connected(&self, live: &Arc<Live>) {
        let mut breaker = self.breaker();
        breaker.succeeded();
        self.live.store(Some(Arc::clone(live)));
    }

    /// Whether that opened the breaker.
    fn lost(&self) -> bool {
        let mut breaker = self.breaker();
        self.live.store(None);
        breaker.lost()
    }

    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether another server has become the one to ask: this one hands on, or has become a replica.
fn is_elsewhere(error: &RedisError) -> bool {
    matches!(error.kind(), ErrorKind::Server(ServerErrorKind::Moved | ServerErrorKind::ReadOnly))
}

fn no_answer() -> RedisError {
    (ErrorKind::Io, "no answer in time").into()
}
