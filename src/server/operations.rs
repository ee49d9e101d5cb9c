//! The second listener, for operators: metrics, health, and what needs their token.

use super::accept;
use crate::{
    config::{Config, Limits},
    front::OpsFront,
    router::{Shared, ops},
    start::StartError,
};
use prometheus_client::metrics::gauge::Gauge;
use std::{future::Future, net::SocketAddr, sync::Arc};
use tokio::net::TcpListener;

/// Operators and their programs are few.
const CONNECTIONS: usize = 64;

/// Listens on the operations address.
pub(crate) struct Operations {
    listener: TcpListener,
    front: Arc<OpsFront>,
    address: SocketAddr,
    limits: Limits,
}

impl Operations {
    /// Listens, if there is an address for it.
    pub(crate) async fn open(config: &Config, shared: &Arc<Shared>) -> Result<Option<Self>, StartError> {
        let Some(addr) = &config.ops_addr else {
            if config.ops_token.is_some() {
                tracing::warn!("ALLOT_OPS_TOKEN has no effect without ALLOT_OPS_ADDR");
            }
            return Ok(None);
        };
        let failed = |error| StartError::Listen { addr: addr.clone(), error };
        let listener = TcpListener::bind(addr).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let limits = Limits { connections: CONNECTIONS, ..config.limits };
        let front = Arc::new(OpsFront::new(ops::private(Arc::clone(shared)), limits, address.ip().is_loopback()));
        Ok(Some(Self { listener, front, address, limits }))
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Until `shutdown`.
    pub(crate) async fn serve(self, shutdown: impl Future<Output = ()> + Send) {
        let front = self.front;
        let answer = move |request, _| {
            let front = Arc::clone(&front);
            async move { front.answer(request).await }
        };
        accept::until(self.listener, answer, Gauge::default(), self.limits, shutdown, || ()).await;
    }
}
