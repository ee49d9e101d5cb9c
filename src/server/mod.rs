//! The running server: from a listener to a graceful end.

mod accept;
mod operations;
mod site;

pub(crate) use operations::Operations;

use crate::{
    config::{Config, Limits, PublicUrl},
    front::Front,
    jobs::{Queue, Worker, watch},
    metrics::{self, Metrics},
    router::{
        self, Shared, Vitals,
        api::{self, Places},
    },
    start::{self, StartError},
};
use app::server::{AppState, Compressible, Site};
use axum::{
    http::{Extensions, HeaderMap},
    middleware::from_fn,
};
use service::Allot;
use std::{
    future::Future,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{
    net::TcpListener,
    sync::{oneshot, watch},
};
use tower_http::compression::CompressionLayer;

/// How long the last batch may take.
const LAST_COMMIT: Duration = Duration::from_secs(5);

/// Serves until `shutdown` completes, then stops accepting, answers what it has, and commits what it accepted.
///
/// The listener may already have connections waiting; with port 0 the caller knows the address from it.
///
/// # Errors
/// A setting, the database or the site folder that can't be used.
pub async fn run(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), StartError> {
    Ready::prepare(config, listener).await?.serve(shutdown).await;
    Ok(())
}

/// A server that could serve now.
pub(crate) struct Ready {
    allot: Arc<Allot>,
    shared: Arc<Shared>,
    front: Arc<Front>,
    listener: TcpListener,
    address: SocketAddr,
    operations: Option<Operations>,
    worker: Option<Worker>,
    limits: Limits,
}

impl Ready {
    /// Opens everything that the configuration names.
    pub(crate) async fn prepare(config: Config, listener: TcpListener) -> Result<Self, StartError> {
        let address = listener.local_addr().map_err(|error| StartError::Listen { addr: config.addr.clone(), error })?;
        for key in &config.unused {
            tracing::warn!(setting = key.env(), "this setting has no effect here");
        }
        let site = site::Built::open(&config)?;
        let (allot, redis) = start::for_server(&config).await?;
        let secure = config.public_url.as_ref().is_some_and(PublicUrl::is_https);
        let queue = Queue::open(&config)?;
        let shared = Arc::new(Shared {
            allot: Arc::clone(&allot),
            queue: queue.port(),
            secure_cookies: secure,
            metrics: Metrics::new(&allot, redis.is_some()),
            redis,
            ops_token: config.ops_token.clone(),
            vitals: (config.web_vitals > 0).then(Vitals::new),
            live_places: Places::new(config.live_streams),
            stopping: watch::Sender::new(false),
            pages: OnceLock::new(),
            // A slow body is told so before the whole request runs out of time.
            body_patience: config.limits.request.mul_f64(0.8),
        });
        let stylesheet = Some(site.assets.css.clone()).filter(|path| !path.is_empty());
        let count = shared.metrics.submissions_counter();
        let state = AppState {
            allot: Arc::clone(&allot),
            assets: Arc::new(site.assets),
            site: Arc::new(Site {
                public_url: config.public_url.as_ref().map(|url| Arc::from(url.origin())),
                secure_cookies: secure,
            }),
            kept: Arc::default(),
            answered: Arc::new(move |answer| count(api::outcome_of(answer))),
        };
        let pages = app::server::pages(state.clone())
            // Everything else gets its form at the front.
            .layer(
                CompressionLayer::new()
                    .compress_when(|_, _, _: &HeaderMap, marks: &Extensions| marks.get::<Compressible>().is_some()),
            );
        // Nobody has set it before.
        let _ = shared.pages.set(pages.clone());
        let operations = Operations::open(&config, &shared).await?;
        let metrics = shared.metrics.jobs();
        tokio::spawn(watch(queue.port(), Arc::downgrade(&allot), metrics.clone()));
        let worker = config.worker.then(|| Worker::new(&config, queue, Arc::clone(&allot), metrics.clone()));
        let router = router::routes(Arc::clone(&shared), operations.is_none()).merge(pages);
        let router = router.layer(from_fn(metrics::name_route));
        metrics::start_sampling(&shared, config.backups.clone());
        let local = address.ip().is_loopback();
        let front = Front::new(&config, Arc::clone(&shared), state, router, site.files, stylesheet.as_deref(), local);
        Ok(Self { allot, shared, front: Arc::new(front), listener, address, operations, worker, limits: config.limits })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where operators find it, if they have an address of their own.
    pub(crate) fn operations(&self) -> Option<SocketAddr> {
        self.operations.as_ref().map(Operations::address)
    }

    /// From now on has in memory what readers will ask for, before they do.
    pub(crate) fn stay_warm(&self) {
        tokio::spawn(router::ops::stay_warm(Arc::downgrade(&self.shared)));
    }

    /// See [`run`].
    pub(crate) async fn serve(self, shutdown: impl Future<Output = ()> + Send) {
        let (over, stop) = oneshot::channel::<()>();
        // Operators see it until the end.
        let operations = self.operations.map(|operations| {
            tokio::spawn(operations.serve(async {
                let _ = stop.await;
            }))
        });
        let (stop_worker, stopped) = oneshot::channel::<()>();
        let worker = self.worker.map(|worker| {
            tokio::spawn(worker.run(async {
                let _ = stopped.await;
            }))
        });
        let front = self.front;
        let answer = move |request, peer| {
            let front = Arc::clone(&front);
            async move { front.answer(request, peer).await }
        };
        let (connections, shared) = (self.shared.metrics.connections().clone(), self.shared);
        let stopping = move || {
            shared.stopping.send_replace(true);
            drop(stop_worker);
        };
        accept::until(self.listener, answer, connections, self.limits, shutdown, stopping).await;
        if let Some(worker) = worker {
            // It was told when the requests were, and has limits of its own.
            let _ = worker.await;
        }
        if tokio::time::timeout(LAST_COMMIT, self.allot.shutdown()).await.is_err() {
            tracing::error!("the database did not take the last submissions in time; none of them was acknowledged");
        }
        drop(over);
        if let Some(operations) = operations {
            let _ = operations.await;
        }
        tracing::info!("stopped");
    }
}
