//! The one connection of this process: made and kept by a task of its own, used by everybody, behind the breaker.
//!
//! Calls share it: they are sent as they come and answered in order, one round trip each. A call never waits for a
//! connection; without one it fails at once.

use crate::{
    address::Address,
    breaker::{Breaker, Condition},
    meter::{Meter, Operation, Outcome},
    names::{Names, PROBE_LIFETIME},
    news::News,
    shared::millis,
};
use arc_swap::ArcSwapOption;
use redis::{AsyncConnectionConfig, Client, PushInfo, PushKind, RedisResult, Value, aio::MultiplexedConnection};
use service::port::{SharedError, SharedResult};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{sync::Notify, time::timeout};

/// Until a connection must be made and its probe answered. Nobody waits for it but the task that does it.
const CONNECT_PATIENCE: Duration = Duration::from_secs(1);
/// How often an idle connection is asked for a sign of life, so that a dead one is noticed before it is needed.
const PING_EVERY: Duration = Duration::from_secs(5);
/// Calls that may wait to be sent.
const QUEUE: usize = 1024;

/// A connection in use.
struct Live {
    connection: MultiplexedConnection,
    /// Told once when it is of no more use.
    over: Arc<Notify>,
}

pub(crate) struct Link {
    client: Client,
    names: Names,
    patience: Duration,
    live: ArcSwapOption<Live>,
    breaker: Mutex<Breaker>,
    news: Arc<News>,
    meter: Meter,
    /// Told when the first attempt to connect has ended.
    attempted: Notify,
}

impl Link {
    pub(crate) fn new(address: &Address, names: Names, patience: Duration) -> RedisResult<Self> {
        Ok(Self {
            client: Client::open(address.info())?,
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
        let failure = match answer {
            Ok(Ok(answer)) => {
                self.meter.count(operation, Outcome::Answered, started.elapsed());
                self.breaker().succeeded();
                return Ok(answer);
            }
            Ok(Err(error)) => SharedError(error.to_string()),
            Err(_) => SharedError(format!("no answer within {} ms", self.patience.as_millis())),
        };
        self.meter.count(operation, Outcome::Failed, started.elapsed());
        self.failed(&live, &failure);
        Err(failure)
    }

    /// Keeps a connection for as long as it is not aborted.
    pub(crate) async fn keep(self: Arc<Self>) {
        let mut told = false;
        loop {
            let connected = timeout(CONNECT_PATIENCE, self.connect()).await;
            match connected.unwrap_or_else(|_| Err(no_answer())) {
                Ok(live) => {
                    let live = Arc::new(live);
                    self.breaker().succeeded();
                    self.live.store(Some(Arc::clone(&live)));
                    self.attempted.notify_one();
                    told = false;
                    tracing::info!("connected to Redis");
                    self.until_over(&live).await;
                    self.live.store(None);
                    if self.breaker().lost() {
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

    /// Connects, and probes what will be needed: scripts, announcements and a write. A Redis that takes none, such as
    /// a replica or a full one, is of no use to us; asking again may find another.
    async fn connect(&self) -> RedisResult<Live> {
        let over = Arc::new(Notify::new());
        let (news, lost) = (Arc::clone(&self.news), Arc::clone(&over));
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_PATIENCE))
            .set_response_timeout(Some(CONNECT_PATIENCE))
            .set_pipeline_buffer_size(QUEUE)
            .set_push_sender(move |push: PushInfo| {
                match (push.kind, push.data.as_slice()) {
                    (PushKind::Disconnection, _) => lost.notify_one(),
                    (PushKind::Message, [_, Value::BulkString(text)]) => news.announce(text),
                    _ => {}
                }
                Ok::<(), ()>(())
            });
        let mut connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        let mut probe = redis::pipe();
        for script in crate::shared::scripts() {
            probe.cmd("SCRIPT").arg("LOAD").arg(script).ignore();
        }
        probe.cmd("SET").arg(self.names.probe()).arg(1).arg("PX").arg(millis(PROBE_LIFETIME)).ignore();
        probe.query_async::<()>(&mut connection).await?;
        connection.subscribe(self.names.news()).await?;
        Ok(Live { connection, over })
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

    fn failed(&self, live: &Arc<Live>, failure: &SharedError) {
        let is_current = self.live.load().as_ref().is_some_and(|current| Arc::ptr_eq(current, live));
        // What fails over a connection that was given up says nothing about its successor.
        if is_current && self.breaker().failed() {
            self.live.store(None);
            self.meter.count_opening();
            tracing::warn!(error = %failure, "Redis fails; doing without");
            live.over.notify_one();
        }
    }

    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn no_answer() -> redis::RedisError {
    (redis::ErrorKind::Io, "no answer in time").into()
}
