//! What can be voted on.

use crate::support::Server;
use serde_json::json;

#[tokio::test]
async fn an_empty_database_gets_the_built_in_budgets() {
    let server = Server::start().await;
    let budgets = server.get("/api/v1/budgets").send().await.json();
    let slugs: Vec<_> = budgets.as_array().unwrap().iter().map(|budget| budget["slug"].as_str().unwrap()).collect();
    assert_eq!(slugs, ["tax-dollars", "us-fy2024", "uk-2024-25"]);
}

#[tokio::test]
async fn a_budget_tells_its_categories_and_what_was_really_spent() {
    let server = Server::start().await;
    let answer = server.get("/api/v1/budgets/us-fy2024").send().await;
    assert_eq!(answer.header("cache-control"), "public, max-age=60");
    let budget = answer.json();
    assert_eq!(budget["currency"], "USD");
    assert_eq!(budget["actual"]["total"], 6746.51);
    assert_eq!((&budget["actual"]["unit"], &budget["actual"]["year"]), (&json!("billions"), &json!("2024")));
    let shares =
        budget["categories"].as_array().unwrap().iter().map(|category| category["actual_points"].as_u64().unwrap());
    assert_eq!(shares.sum::<u64>(), 10_000);
    let category = &budget["categories"][0];
    assert_eq!(category["slug"], "social-security");
    assert!(category["name"].is_string() && category["description"].is_string());
    assert!(category["color"].as_str().unwrap().starts_with('#'));
}

#[tokio::test]
async fn a_budget_without_a_source_says_so() {
    let server = Server::start().await;
    let budget = server.get("/api/v1/budgets/tax-dollars").send().await.json();
    assert_eq!(budget["actual"], json!(null));
    assert!(budget["categories"].as_array().unwrap().iter().all(|category| category["actual_points"].is_null()));
}

#[tokio::test]
async fn a_restart_changes_nothing() {
    let server = Server::start().await;
    let before = server.get("/api/v1/budgets").send().await.body;
    let server = Server::start_in(server.stop().await, &[], |_| {}).await;
    assert_eq!(server.get("/api/v1/budgets").send().await.body, before);
}

#[tokio::test]
async fn an_unknown_budget_is_404() {
    let server = Server::start().await;
    server.get("/api/v1/budgets/atlantis").send().await.problem(404, "not-found");
}
