//! What participants find of what they have submitted, however much it is.

use crate::support::{SUBMIT, Server, submission};
use serde_json::{Value, json};

#[tokio::test]
async fn a_long_history_is_counted_to_the_last_one_and_listed_page_by_page() {
    let server = Server::start().await;
    let cookie = server.consent().await;
    let submit = async |path: &str, body: &Value| {
        let answer = server.post(path, body).header("cookie", &cookie).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
    };
    let get = async |path: &str| server.get(path).header("cookie", &cookie).send().await;
    let federal = json!({ "points": {
        "social-security": 8766, "medicare": 1234, "medicaid": 0, "defense": 0, "income-security-veterans": 0,
        "net-interest": 0, "foreign-aid": 0, "other": 0,
    } });
    submit("/api/v1/budgets/us-fy2024/submissions", &federal).await;
    for first in 1..=201 {
        submit(SUBMIT, &submission(&[first])).await;
    }

    let welcome = get("/").await.text();
    assert!(welcome.contains("202 submissions"), "{welcome}");
    let last = get("/b/us-fy2024?preset=last").await.text();
    assert!(last.contains("value=\"12.34\""), "what counts there is older than 200 others: {last}");

    // Each has two links.
    let listed = |html: &str| html.matches("href=\"/results/").count() / 2;
    let newest = get("/history").await.text();
    assert_eq!(listed(&newest), 200);
    assert!(newest.contains("href=\"/history?skip=200\"") && newest.contains("Older splits"), "{newest}");
    assert!(!newest.contains("Newer splits"));
    let oldest = get("/history?skip=200").await.text();
    assert_eq!(listed(&oldest), 2);
    assert!(oldest.contains("Newer splits") && !oldest.contains("Older splits"), "{oldest}");
    let beyond = get("/history?skip=202").await;
    assert_eq!((beyond.status.as_u16(), beyond.header("location")), (303, "/history"));
    assert_eq!(get("/history?skip=some").await.status, 400);
}
