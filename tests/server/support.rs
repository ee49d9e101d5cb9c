//! A server of its own for each test.

use crate::client::Http;
use allot::{
    Config, StartError,
    config::{Key, Layers},
};
use serde_json::{Value, json};
use std::{ops::Deref, path::Path};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

pub(crate) const SUBMIT: &str = "/api/v1/budgets/tax-dollars/submissions";
pub(crate) const AGGREGATE: &str = "/api/v1/budgets/tax-dollars/aggregate";

const SLUGS: [&str; 10] = [
    "healthcare",
    "education",
    "defense-military",
    "infrastructure",
    "social-security",
    "environment",
    "science-research",
    "public-safety",
    "housing-community",
    "other",
];

/// A running server. Dropping it stops it.
pub(crate) struct Server {
    http: Http,
    folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<Result<(), StartError>>,
}

impl Deref for Server {
    type Target = Http;

    fn deref(&self) -> &Http {
        &self.http
    }
}

impl Server {
    /// With no limits on submissions.
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With settings over those.
    pub(crate) async fn start_with(settings: &[(Key, &str)]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), settings, |_| {}).await
    }

    /// In a folder, which may have a database already.
    pub(crate) async fn start_in(folder: TempDir, settings: &[(Key, &str)], adjust: impl FnOnce(&mut Config)) -> Self {
        let mut layers = Layers::default();
        layers.set(Key::Data, folder.path().to_str().unwrap());
        layers.set(Key::SubmissionsPerHour, "0");
        layers.set(Key::AddressSubmissionsPerHour, "0");
        for (key, value) in settings {
            layers.set(*key, *value);
        }
        let mut config = Config::load(&layers).unwrap();
        config.site_root = Some(site(folder.path()));
        adjust(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(allot::run(config, listener, async {
            let _ = stopped.await;
        }));
        Self { http: Http::new(address), folder, stop: Some(stop), running }
    }

    /// Where it keeps its data, unless a setting says otherwise.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn http(&self) -> Http {
        self.http.clone()
    }

    /// Asks it to stop without waiting.
    pub(crate) fn ask_to_stop(&mut self) {
        drop(self.stop.take());
    }

    /// Stops it in order; answers its folder.
    pub(crate) async fn stop(mut self) -> TempDir {
        self.ask_to_stop();
        self.running.await.unwrap().unwrap();
        self.folder
    }

    /// Submits and answers the receipt.
    pub(crate) async fn submit(&self, body: &Value) -> Value {
        let answer = self.post(SUBMIT, body).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }

    /// The cookie of somebody who consents now.
    pub(crate) async fn consent(&self) -> String {
        let answer = self.request(http::Method::POST, "/api/v1/participant").send().await;
        assert_eq!(answer.status, 204);
        answer.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    /// Counted submissions, as everybody sees them.
    pub(crate) async fn counted(&self) -> u64 {
        self.get(AGGREGATE).send().await.json()["submissions"].as_u64().unwrap()
    }
}

/// Points for every category: these for the first ones, what is left for the last.
pub(crate) fn points(first: &[u64]) -> Value {
    let mut points: Vec<u64> = first.to_vec();
    points.resize(SLUGS.len(), 0);
    points[SLUGS.len() - 1] = 10_000 - first.iter().sum::<u64>();
    SLUGS
        .iter()
        .zip(points)
        .map(|(slug, points)| ((*slug).to_owned(), json!(points)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// A submission without an id.
pub(crate) fn submission(first: &[u64]) -> Value {
    json!({ "points": points(first) })
}

/// A UUID v7 of the given time in milliseconds.
pub(crate) fn id_at(millis: u64, number: u64) -> String {
    let time = format!("{millis:012x}");
    format!("{}-{}-7000-8000-{number:012x}", &time[..8], &time[8..])
}

/// A UUID v7 of now.
pub(crate) fn new_id() -> String {
    id_at(now(), u64::from(std::process::id()) << 16 | next())
}

#[expect(clippy::disallowed_methods, reason = "a client has no other clock")]
pub(crate) fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as u64
}

fn next() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A small site such as the release pipeline builds.
fn site(folder: &Path) -> std::path::PathBuf {
    let site = folder.join("site");
    std::fs::create_dir_all(site.join("pkg")).unwrap();
    let files: [(&str, &[u8]); 10] = [
        ("pkg/allot.1.js", b"export default 1"),
        ("pkg/allot.1.js.br", b"brotli bytes"),
        ("pkg/allot.1.js.gz", b"gzip bytes"),
        ("pkg/allot.1.wasm", b"\0asm"),
        ("pkg/allot.1.css", b"main{}"),
        ("pkg/outbox.1.js", b"export default 2"),
        ("pkg/vitals.1.js", b"export default 3"),
        ("favicon.svg", b"<svg/>"),
        ("unlisted.txt", b"not for browsers"),
        (
            "assets.json",
            br#"{"build":"1","js":"/pkg/allot.1.js","wasm":"/pkg/allot.1.wasm","css":"/pkg/allot.1.css",
                "outbox":"/pkg/outbox.1.js","vitals":"/pkg/vitals.1.js",
                "files":[{"path":"/pkg/allot.1.js"},{"path":"/pkg/allot.1.wasm"},{"path":"/pkg/allot.1.css"},
                {"path":"/pkg/outbox.1.js"},{"path":"/pkg/vitals.1.js"},{"path":"/favicon.svg"}]}"#,
        ),
    ];
    for (name, content) in files {
        std::fs::write(site.join(name), content).unwrap();
    }
    site
}
