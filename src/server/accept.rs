//! Connections: accepted up to a limit, served, and ended in order.

use crate::{config::Limits, front::FrontBody};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use prometheus_client::metrics::gauge::Gauge;
use std::{convert::Infallible, future::Future, net::IpAddr, pin::pin, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_io_timeout::TimeoutWriter;

/// Open files that are not connections: the database, the log, files being served.
const OTHER_FILES: u64 = 128;

/// Accepts and serves until `shutdown`, then says so to `stopping` and waits for the requests that are being answered.
/// `connections` counts the open ones.
pub(super) async fn until<F, A>(
    listener: TcpListener,
    answer: F,
    connections: Gauge,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
    stopping: impl FnOnce(),
) where
    F: Fn(Request<Incoming>, IpAddr) -> A + Clone + Send + 'static,
    A: Future<Output = Response<FrontBody>> + Send + 'static,
{
    let mut shutdown = pin!(shutdown);
    let places = Arc::new(Semaphore::new(places(limits.connections)));
    let open = GracefulShutdown::new();
    let http = protocol(&limits);
    loop {
        // Without a free place nobody is accepted: they wait in the system's queue.
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            biased;
            () = &mut shutdown => break,
            next = next => next,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of open files, or the peer is gone already: what is open may end meanwhile.
                tracing::warn!(%error, "a connection can't be accepted");
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
        };
        prepare(&stream);
        let answer = answer.clone();
        let service = service_fn(move |request| {
            let answering = answer(request, peer.ip());
            async move { Ok::<_, Infallible>(answering.await) }
        });
        let mut stream = TimeoutWriter::new(stream);
        stream.set_timeout(Some(limits.unread));
        let connection = open.watch(http.serve_connection(TokioIo::new(Box::pin(stream)), service));
        let connections = connections.clone();
        tokio::spawn(async move {
            connections.inc();
            // Errors here are clients that went away or do not speak HTTP.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended badly");
            }
            connections.dec();
            drop(place);
        });
    }
    drop(listener);
    stopping();
    tracing::info!(connections = open.count(), "stopping");
    if tokio::time::timeout(limits.shutdown, open.shutdown()).await.is_err() {
        tracing::warn!(seconds = limits.shutdown.as_secs(), "some requests were still running");
    }
}

fn protocol(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_headers(limits.headers)
        .max_buf_size(limits.head_bytes);
    http
}

/// As many as configured and as the system allows open files.
fn places(configured: usize) -> usize {
    let files = rlimit::increase_nofile_limit(configured as u64 + OTHER_FILES).unwrap_or(1024);
    let possible = usize::try_from(files.saturating_sub(OTHER_FILES)).unwrap_or(configured).max(16);
    if possible < configured {
        tracing::info!(connections = possible, "limited by the open files that the system allows (ulimit -n)");
    }
    configured.min(possible)
}

fn prepare(stream: &TcpStream) {
    // Answers are written whole: there is nothing to wait for.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps its delay");
    }
}
