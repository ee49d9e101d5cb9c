//! One server that all cases of a program share, and a database a case.

use crate::cluster::Cluster;
use std::sync::{
    LazyLock,
    atomic::{AtomicU32, Ordering},
};

static DATABASES: AtomicU32 = AtomicU32::new(0);
pub(crate) static CLUSTER: LazyLock<Cluster> = LazyLock::new(|| Cluster::start(&[]));

/// An empty database; dropping it takes it away.
pub(crate) struct PgDatabase {
    pub(crate) name: String,
    pub(crate) url: String,
}

impl PgDatabase {
    pub(crate) fn new() -> Self {
        let name = format!("case_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        run("createdb", &["--template", "template0", &name]);
        let folder = &CLUSTER.folder;
        Self { url: format!("postgres://allot@localhost/{name}?host={folder}"), name }
    }
}

impl Drop for PgDatabase {
    fn drop(&mut self) {
        run("dropdb", &["--force", &self.name]);
    }
}

pub(crate) fn run(name: &str, arguments: &[&str]) -> String {
    CLUSTER.run(name, arguments)
}
