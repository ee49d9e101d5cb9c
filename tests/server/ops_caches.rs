//! What only this server knows and can do, asked for by operators.

use crate::{
    client::Http,
    support::{SUBMIT, Server, submission},
};
use allot::config::Key;
use http::Method;
use serde_json::Value;
use std::net::TcpListener;

const TOKEN: &str = "a-token-of-operators-that-is-long-enough";

struct Operators(Http);

impl Operators {
    async fn ask(&self, method: Method, path: &str) -> (u16, Value) {
        let bearer = format!("Bearer {TOKEN}");
        let answer = self.0.request(method, path).header("authorization", &bearer).send().await;
        let body = if answer.status == 204 { Value::Null } else { answer.json() };
        (answer.status.as_u16(), body)
    }
}

async fn start(settings: &[(Key, &str)]) -> (Server, Operators) {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let text = address.to_string();
    let ours = [(Key::OpsAddr, text.as_str()), (Key::OpsToken, TOKEN)];
    let settings: Vec<_> = settings.iter().copied().chain(ours).collect();
    let server = Server::start_with(&settings).await;
    assert_eq!(server.get("/health/live").send().await.status, 200);
    (server, Operators(Http::new(address)))
}

#[tokio::test]
async fn a_server_warms_its_own_memory_and_pages_and_tells_how_they_serve() {
    let (server, operators) = start(&[]).await;
    server.submit(&submission(&[1])).await;
    let (status, done) = operators.ask(Method::POST, "/ops/cache/warm?days=1").await;
    assert_eq!(status, 200, "{done}");
    assert_eq!((done["warmed"].as_array().unwrap().len(), &done["warmed"][0]["submissions"]), (1, &1.into()), "{done}");
    // Three pages, at neutral addresses and in two languages.
    assert_eq!((&done["pages"], &done["failed"]), (&9.into(), &Value::Array(Vec::new())), "{done}");
    assert_eq!(server.counted().await, 1);
    let (_, stats) = operators.ask(Method::GET, "/ops/cache/stats").await;
    assert_eq!(stats["tiers"][0]["tier"], "memory");
    let of = stats["budgets"].as_array().unwrap().iter().find(|of| of["budget"] == "tax-dollars").unwrap();
    assert_eq!(
        (&of["memory"]["state"], &of["redis"]["state"]),
        (&"current".into(), &"not_configured".into()),
        "{stats}"
    );
    assert_eq!(operators.ask(Method::POST, "/ops/cache/warm?mode=everything").await.0, 400);
    assert_eq!(operators.0.request(Method::POST, "/ops/cache/warm").send().await.status, 403);
}

#[tokio::test]
async fn a_server_forgets_its_limits_when_an_operator_says_so() {
    let (server, operators) = start(&[(Key::AddressSubmissionsPerHour, "1")]).await;
    let submit = async || server.post(SUBMIT, &submission(&[1])).send().await.status.as_u16();
    assert_eq!([submit().await, submit().await], [201, 429]);
    assert_eq!(operators.ask(Method::POST, "/ops/limits/clear").await.0, 204);
    assert_eq!([submit().await, submit().await], [201, 429]);
}

#[tokio::test]
async fn a_server_tells_how_quick_it_is() {
    let (server, operators) = start(&[]).await;
    server.submit(&submission(&[1])).await;
    let (status, told) = operators.ask(Method::GET, "/ops/performance").await;
    assert_eq!((status, &told["writer"]["queue"]), (200, &0.into()), "{told}");
    assert!(told["routes"].is_array() && told["tiers"].as_array().unwrap().len() == 4, "{told}");
}
