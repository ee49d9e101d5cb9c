//! `allot serve`

use super::{failure::Failure, output, service_manager};
use crate::{
    config::{Config, Key, Layers},
    server::Ready,
    start::StartError,
};
use clap::Args;
use std::process::ExitCode;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

/// Serve the pages and the API
///
/// An empty database gets its tables and the built-in budgets first. Background jobs are done beside, unless
/// ALLOT_WORKER=off. SIGTERM or Ctrl-C stops it in order: what was accepted is committed and answered.
#[derive(Args)]
#[command(after_help = "Example:\n  allot serve --addr 127.0.0.1:3000")]
pub(super) struct Serve {
    /// Where to listen, host:port [env: ALLOT_ADDR] [default: 127.0.0.1:3000]
    #[arg(long, value_name = "ADDRESS")]
    addr: Option<String>,
    /// The folder with the built site [env: ALLOT_SITE_ROOT] [default: beside the program, or target/site]
    #[arg(long, value_name = "FOLDER")]
    site_root: Option<String>,
    /// The address that people use, such as https://allot.example [env: ALLOT_PUBLIC_URL]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

impl Serve {
    pub(super) fn set(&self, layers: &mut Layers) {
        layers.set_flag(Key::Addr, self.addr.as_deref());
        layers.set_flag(Key::SiteRoot, self.site_root.as_deref());
        layers.set_flag(Key::PublicUrl, self.public_url.as_deref());
    }
}

pub(super) async fn execute(config: Config) -> Result<ExitCode, Failure> {
    let addr = config.addr.clone();
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::io("signals"))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::io("signals"))?;
    let listener = TcpListener::bind(&addr).await.map_err(|error| StartError::Listen { addr, error })?;
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    let server = Ready::prepare(config, listener).await?;
    // One line for people and scripts, once it is true.
    output::result(&format!("Allot listens on http://{}", server.address()))?;
    if let Some(address) = server.operations() {
        output::result(&format!("Operators find it on http://{address}"))?;
    }
    service_manager::tell_ready();
    server.stay_warm();
    server.serve(stop).await;
    Ok(ExitCode::SUCCESS)
}
