//! The running server: from a listener to a graceful end.

mod accept;
mod site;

use crate::{
    config::{Config, Limits, PublicUrl},
    front::Front,
    metrics::Metrics,
    router::{self, Shared},
    start::{self, StartError},
};
use app::server::{AppState, Site};
use service::Allot;
use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
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
        let shared = Arc::new(Shared {
            allot: Arc::clone(&allot),
            secure_cookies: secure,
            metrics: Metrics::new(redis.is_some()),
            redis,
            live_places: Arc::new(Semaphore::new(config.live_streams)),
            stopping: watch::Sender::new(false),
            // A slow body is told so before the whole request runs out of time.
            body_patience: config.limits.request.mul_f64(0.8),
        });
        let stylesheet = Some(site.assets.css.clone()).filter(|path| !path.is_empty());
        let pages = app::server::pages(AppState {
            allot: Arc::clone(&allot),
            assets: Arc::new(site.assets),
            site: Arc::new(Site {
                public_url: config.public_url.as_ref().map(|url| url.origin().to_owned()),
                secure_cookies: secure,
            }),
            kept: Arc::default(),
        })
        .layer(CompressionLayer::new());
        let router = router::routes(Arc::clone(&shared)).merge(pages);
        let local = address.ip().is_loopback();
        let front = Front::new(&config, Arc::clone(&shared), router, site.files, stylesheet.as_deref(), local);
        Ok(Self { allot, shared, front: Arc::new(front), listener, address, limits: config.limits })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// See [`run`].
    pub(crate) async fn serve(self, shutdown: impl Future<Output = ()> + Send) {
        accept::until(self.listener, self.front, self.shared, self.limits, shutdown).await;
        if tokio::time::timeout(LAST_COMMIT, self.allot.shutdown()).await.is_err() {
            tracing::error!("the database did not take the last submissions in time; none of them was acknowledged");
        }
        tracing::info!("stopped");
    }
}
