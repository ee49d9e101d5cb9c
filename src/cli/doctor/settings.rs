//! Settings that are allowed, but perhaps not meant.

use crate::config::{Config, Key, Profile, PublicUrl, Scheme};
use service::port::Finding;

pub(super) fn checks(config: &Config) -> Vec<Finding> {
    let mut found = vec![Finding::ok(format!("all settings can be read; the profile is {:?}", config.profile))];
    let is_public = config.profile == Profile::Production;
    for key in &config.unused {
        found.push(Finding::warn(format!("{} has no effect here", key.env()), "take it out of the settings"));
    }
    found.push(public_url(config, is_public));
    found.extend(proxies(config, is_public));
    if is_public && (config.submissions_per_hour == 0 || config.address_submissions_per_hour == 0) {
        let what = "a limit on submissions is switched off (0)";
        found.push(Finding::warn(
            what,
            format!("set {} and {}", Key::SubmissionsPerHour.env(), Key::AddressSubmissionsPerHour.env()),
        ));
    }
    found.push(match &config.site_root {
        Some(folder) => Finding::ok(format!("the built site is in {}", folder.display())),
        None => Finding::warn(
            "no built site was found: pages have no style and no scripts",
            format!("`cargo xtask build` makes it, {} names another folder", Key::SiteRoot.env()),
        ),
    });
    found.extend(operations(config));
    if config.database.scheme() == Scheme::Postgres && config.redis.is_none() {
        found.push(Finding::ok(
            "no Redis: right for one process; with several, REDIS_URL makes them quicker about each other",
        ));
    }
    found
}

fn public_url(config: &Config, is_public: bool) -> Finding {
    let key = Key::PublicUrl.env();
    match &config.public_url {
        Some(url) if url.is_https() => Finding::ok(format!("people use {}", url.origin())),
        Some(url) if is_public => Finding::warn(
            format!("people use {}, without encryption, and cookies are not Secure", url.origin()),
            format!("put nginx with TLS in front (docs/scaling.md), and https:// into {key}"),
        ),
        None if is_public => Finding::warn(
            format!("{key} is not set: the request's own host is believed, and cookies are not Secure"),
            format!("set {key} to the address that people use"),
        ),
        url => Finding::ok(url.as_ref().map_or("the request's own host is used", PublicUrl::origin).to_owned()),
    }
}

fn proxies(config: &Config, is_public: bool) -> Option<Finding> {
    let key = Key::TrustedProxies.env();
    if config.trusted_proxies.iter().any(|network| network.prefix_len() == 0) {
        let what = format!("{key} trusts everybody: anybody may say whose request it is");
        return Some(Finding::fail(what, "name the proxies' own addresses only"));
    }
    if config.trusted_proxies.is_empty() && is_public {
        let what = format!("{key} is empty: behind a proxy all people would share its address, and its limit");
        return Some(Finding::warn(what, format!("if there is a proxy, name it in {key}")));
    }
    None
}

fn operations(config: &Config) -> Option<Finding> {
    match (&config.ops_addr, &config.ops_token) {
        (Some(address), None) => Some(Finding::warn(
            format!("the operations address {address} refuses everything under /ops"),
            "set ALLOT_OPS_TOKEN to let operators in",
        )),
        (Some(address), Some(_)) => Some(Finding::ok(format!("operators ask at {address}"))),
        (None, _) => None,
    }
}
