//! The WASM entry point: nothing but the start of hydration.

use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's script after the module is there; the islands then hydrate one by one.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
