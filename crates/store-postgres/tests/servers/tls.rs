//! `sslmode` in the URL, against a server whose certificate is for `localhost` only.

use crate::cluster::Cluster;
use service::port::{Store, StoreError};
use std::net::TcpListener;
use store_postgres::{Options, PgStore};

/// An authority and a certificate by it, as an operator would make them. Unencrypted connections are refused.
const CERTIFICATES: &str = "
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=Allot tests' \
  -keyout ca.key -out ../ca.crt
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost \
  -keyout server.key -out server.csr
printf 'subjectAltName=DNS:localhost' >names
openssl x509 -req -in server.csr -CA ../ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.crt
chmod 600 server.key
printf 'local all all trust\\nhostssl all all all trust\\n' >pg_hba.conf
chmod 755 .. && chmod 644 ../ca.crt";

struct Encrypted {
    cluster: Cluster,
    port: u16,
}

impl Encrypted {
    async fn start() -> Self {
        // Free now; whoever takes it meanwhile makes the start fail loudly.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = format!("listen_addresses = '127.0.0.1'\nport = {port}\nssl = on");
        let cluster = tokio::task::spawn_blocking(move || Cluster::start(&[&settings, CERTIFICATES]));
        Self { cluster: cluster.await.unwrap(), port }
    }

    /// Whether the connection is encrypted, by what the server says.
    async fn connect(&self, host: &str, parameters: &str) -> Result<(), StoreError> {
        let url = format!("postgres://allot@{host}:{}/postgres?{parameters}", self.port);
        let store = PgStore::connect(&url, Options::default()).await?;
        store.migrate().await?;
        store.ping().await
    }

    fn authority(&self) -> String {
        format!("sslrootcert={}/ca.crt", self.cluster.folder)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encrypted_connection_is_checked_as_far_as_the_url_asks() {
    let server = Encrypted::start().await;
    let authority = server.authority();
    server.connect("127.0.0.1", "sslmode=require").await.expect("any certificate will do");
    server.connect("127.0.0.1", "").await.expect("without a word it is encrypted if the server can");
    server.connect("localhost", &format!("sslmode=verify-full&{authority}")).await.expect("name and authority fit");
    server.connect("127.0.0.1", &format!("sslmode=verify-ca&{authority}")).await.expect("the name does not matter");
    for (host, parameters, why) in [
        ("127.0.0.1", format!("sslmode=verify-full&{authority}"), "the certificate has another name"),
        ("localhost", "sslmode=verify-full".to_owned(), "nobody knows the authority"),
        ("localhost", "sslmode=verify-ca".to_owned(), "nobody knows the authority"),
        ("localhost", "sslmode=disable".to_owned(), "the server takes encrypted connections only"),
    ] {
        let refused = server.connect(host, &parameters).await;
        assert!(refused.is_err(), "{host} {parameters}: {why}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_encryption_is_refused_where_the_url_requires_it() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = format!("listen_addresses = '127.0.0.1'\nport = {port}");
    let _cluster = tokio::task::spawn_blocking(move || Cluster::start(&[&settings])).await.unwrap();
    for (mode, works) in [("require", false), ("verify-full", false), ("prefer", true), ("disable", true)] {
        let url = format!("postgres://allot@127.0.0.1:{port}/postgres?sslmode={mode}");
        assert_eq!(PgStore::connect(&url, Options::default()).await.is_ok(), works, "{mode}");
    }
}
