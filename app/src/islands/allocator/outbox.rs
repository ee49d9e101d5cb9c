//! The way to the outbox, which `frontend/offline` keeps in the page's other script: it writes a submission down
//! before it is sent, and sends it when it can.

use leptos::wasm_bindgen::{self, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, js_sys::Promise};
use web_sys::HtmlFormElement;

#[wasm_bindgen]
extern "C" {
    /// Absent until the other script has come, and where there is none.
    #[wasm_bindgen(js_namespace = allot, catch)]
    fn submit(form: &HtmlFormElement, points: &str) -> Result<Promise, JsValue>;
}

/// How a submission went.
pub(super) enum Outcome {
    /// It is taken or kept; this address says which.
    Go(String),
    /// It is kept. A sentence for who stays on this page.
    Kept(String),
    /// It is not taken. A sentence that says why.
    Refused(String),
}

/// Submits the form with these points, as JSON; `None` if this device can't keep anything, so nothing was done.
pub(super) async fn send(form: &HtmlFormElement, points: &str) -> Option<Outcome> {
    let promise = submit(form, points).ok()?;
    let answer = JsFuture::from(promise).await.ok()?.as_string()?;
    let (kind, text) = answer.split_once(' ')?;
    let text = text.to_owned();
    match kind {
        "go" => Some(Outcome::Go(text)),
        "kept" => Some(Outcome::Kept(text)),
        "refused" => Some(Outcome::Refused(text)),
        _ => None,
    }
}
