//! Readers who don't read.

use crate::support::Server;
use std::time::{Duration, Instant};
use tokio::{io::AsyncWriteExt, net::TcpStream};

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

async fn until_connections_are(server: &Server, expected: u64) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let text = server.get("/metrics").send().await.text();
        let open = text.lines().find_map(|line| line.strip_prefix("allot_http_connections ")?.parse::<u64>().ok());
        if open == Some(expected) {
            return;
        }
        assert!(Instant::now() < deadline, "{open:?} connections instead of {expected}");
    }
}

#[tokio::test]
async fn a_reader_who_takes_nothing_of_its_answers_loses_its_connection() {
    let adjust = |config: &mut allot::Config| config.limits.unread = Duration::from_secs(2);
    let server = Server::start_in(tempfile::tempdir().unwrap(), &[], adjust).await;
    until_connections_are(&server, 1).await;
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    // Far more than what the system keeps for a connection.
    let requests = "GET /api/v1/openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(2000);
    let (_, mut writer) = stream.split();
    let sending = writer.write_all(requests.as_bytes());
    let watching = async {
        until_connections_are(&server, 2).await;
        until_connections_are(&server, 1).await;
    };
    let (_, ()) = tokio::join!(sending, watching);
}
