//! The Leptos application.
//!
//! A page is HTML from the server. `server` answers requests: it asks `api` for data and gives it to a view
//! of `pages`, which is made of `components`. Only `islands` run in the browser; they and the signatures of
//! `api` are all that the `hydrate` build contains.

pub mod api;
mod area;
pub mod islands;

#[cfg(feature = "ssr")]
#[expect(unreachable_pub, reason = "the component macro makes everything that it writes public")]
mod components;
#[cfg(feature = "ssr")]
pub mod locale;
#[cfg(feature = "ssr")]
#[expect(unreachable_pub, reason = "the component macro makes everything that it writes public")]
mod pages;
#[cfg(feature = "ssr")]
mod palette;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
mod stream;
#[cfg(feature = "ssr")]
pub mod vitals;
