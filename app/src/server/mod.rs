//! The pages over HTTP: state, routes, cookies, status codes.
//!
//! What every answer needs (security headers, request ids, compression, limits, the check of the origin) is
//! laid around this router by the server binary.

mod asked;
mod assets;
pub mod conditional;
mod cookies;
mod extract;
mod kept;
mod nonce;
mod render;
mod routes;
mod submission;
mod visit;

pub use assets::Assets;
pub use cookies::{PARTICIPANT_COOKIE, changed, changed_lately, forget, hand_over, participant_of, remember};
pub use kept::KeptPages;
pub use render::{Compressible, WithoutSecret, say_language};
pub use routes::pages;

pub(crate) use asked::Asked;

pub(crate) use submission::from_script as submit_from_script;

use service::{Allot, SubmitError, Submitted};
use std::{net::IpAddr, sync::Arc};

/// What the pages need to work.
#[derive(Clone)]
pub struct AppState {
    /// The use cases.
    pub allot: Arc<Allot>,
    /// Where scripts and styles are.
    pub assets: Arc<Assets>,
    /// What the site knows of itself.
    pub site: Arc<Site>,
    /// Pages that are the same for everyone, rendered once a version.
    pub kept: Arc<KeptPages>,
    /// Told how each submission ended that came through a page.
    pub answered: Answered,
}

/// Is told how a submission ended.
pub type Answered = Arc<dyn Fn(Result<&Submitted, &SubmitError>) + Send + Sync>;

/// What the site knows of itself.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Scheme and host of links that say their whole address, such as `https://allot.example`; `None` on a developer's
    /// machine.
    pub public_url: Option<Arc<str>>,
    /// Whether cookies are for HTTPS only.
    pub secure_cookies: bool,
}

/// The address that a request comes from, as far as it can be believed: a request extension that the server
/// binary sets. Without it nobody is limited by address.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub Option<IpAddr>);

/// Scheme and host by which a visitor on the server's own machine calls it, for a site that knows no address of its
/// own: a request extension that the server binary sets where it believes them.
#[derive(Clone, Debug)]
pub struct LocalOrigin(pub Arc<str>);

impl AppState {
    /// Scheme and host of links that say their whole address; `None` where nobody knows them.
    pub(crate) fn origin(&self, local: Option<&LocalOrigin>) -> Option<Arc<str>> {
        self.site.public_url.clone().or_else(|| local.map(|origin| Arc::clone(&origin.0)))
    }
}

/// The nonce of the answer's content security policy: a request extension that the server binary sets. Only
/// the fallback for `cargo leptos` has an inline script that needs it.
#[derive(Clone, Debug)]
pub struct Nonce(pub String);
