//! Where the built scripts and styles are.

use crate::vitals::Measuring;
use leptos::config::LeptosOptions;

/// Paths of the built files, with their content hashes, as pages link them.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// The style sheet.
    pub css: String,
    /// The module that starts the islands; `None` when the release pipeline has not run.
    pub js: Option<String>,
    /// The WASM that it loads.
    pub wasm: Option<String>,
    /// The module of every page: sends what waits and looks after the service worker.
    pub outbox: Option<String>,
    /// The module of the page of what a device keeps.
    pub device: Option<String>,
    /// The service worker; `None` where the operator has switched it off.
    pub worker: Option<String>,
    /// Which visits are measured; `None` = none.
    pub vitals: Option<Measuring>,
    /// Where `cargo leptos` puts its files, used when `js` is absent.
    pub leptos: Option<LeptosOptions>,
}
