//! The OpenAPI document.

use crate::support::Server;
use serde_json::Value;

#[tokio::test]
async fn the_contract_lists_every_route_of_the_api() {
    let server = Server::start().await;
    let answer = server.get("/api/v1/openapi.json").send().await;
    assert_eq!(answer.header("content-type"), "application/json");
    let contract = answer.json();
    assert!(contract["openapi"].as_str().unwrap().starts_with("3.1"));
    for (path, method) in [
        ("/api/v1/budgets", "get"),
        ("/api/v1/budgets/{budget}", "get"),
        ("/api/v1/budgets/{budget}/aggregate", "get"),
        ("/api/v1/budgets/{budget}/live", "get"),
        ("/api/v1/budgets/{budget}/submissions", "post"),
        ("/api/v1/submissions/{id}", "get"),
        ("/api/v1/submissions/{id}", "delete"),
        ("/api/v1/participant", "post"),
        ("/api/v1/participant", "delete"),
        ("/api/v1/openapi.json", "get"),
        ("/health", "get"),
        ("/health/live", "get"),
        ("/health/ready", "get"),
    ] {
        assert!(contract["paths"][path][method].is_object(), "{method} {path}");
    }
}

#[tokio::test]
async fn every_reference_in_the_contract_leads_somewhere_and_every_error_is_a_problem() {
    let server = Server::start().await;
    let contract = server.get("/api/v1/openapi.json").send().await.json();
    follow(&contract, &contract);
    for (path, item) in contract["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(response["headers"]["X-Request-Id"].is_object(), "{method} {path} {status}");
                if status.starts_with('4') {
                    let content = &response["content"]["application/problem+json"];
                    assert_eq!(content["schema"]["$ref"], "#/components/schemas/Problem", "{method} {path} {status}");
                }
            }
        }
    }
}

fn follow(contract: &Value, value: &Value) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                assert!(contract.pointer(&reference[1..]).is_some(), "{reference}");
            }
            object.values().for_each(|value| follow(contract, value));
        }
        Value::Array(values) => values.iter().for_each(|value| follow(contract, value)),
        _ => {}
    }
}
