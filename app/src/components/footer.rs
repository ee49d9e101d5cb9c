//! The foot of every page. It is the same for everyone, so that whole pages can be cached.

use leptos::prelude::*;

#[component]
pub(crate) fn Footer() -> AnyView {
    view! {
        <footer class="footer">
            <div class="wrap footer-inner">
                <p>"Allot is anonymous, opt-in and not a representative poll."</p>
                <ul class="ways">
                    <li>
                        <a href="/history#device">"Cookies and this device"</a>
                    </li>
                    <li>
                        <a href="/about#privacy">"Privacy"</a>
                    </li>
                    <li>
                        <a href="/about#sources">"Sources"</a>
                    </li>
                    <li>
                        <a href="/about#api">"Data and API"</a>
                    </li>
                </ul>
            </div>
        </footer>
    }
    .into_any()
}
