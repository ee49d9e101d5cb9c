//! Parsers of single values. `Err(None)` means that the key's own words say what is allowed.

use super::Profile;
use ipnet::IpNet;
use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    time::Duration,
};

type Parsed<T> = Result<T, Option<&'static str>>;

const MAX_COUNT: u32 = 1_000_000;
const MAX_MILLISECONDS: u64 = 10_000;

pub(super) fn addr(text: &str) -> Parsed<String> {
    let (host, port) = text.rsplit_once(':').ok_or(None)?;
    let port_is_right = port.parse::<u16>().is_ok() && port.bytes().all(|b| b.is_ascii_digit());
    let bare_v6 = host.contains(':') && !(host.starts_with('[') && host.ends_with(']'));
    if host.is_empty() || !port_is_right || bare_v6 {
        return Err(None);
    }
    Ok(text.to_owned())
}

pub(super) fn count(text: &str) -> Parsed<u32> {
    text.parse().ok().filter(|n| *n <= MAX_COUNT).ok_or(None)
}

pub(super) fn percent(text: &str) -> Parsed<u8> {
    text.parse().ok().filter(|n| *n <= 100).ok_or(None)
}

pub(super) fn milliseconds(text: &str) -> Parsed<Duration> {
    text.parse().ok().filter(|n| (1..=MAX_MILLISECONDS).contains(n)).map(Duration::from_millis).ok_or(None)
}

pub(super) fn lease(text: &str) -> Parsed<Duration> {
    text.parse().ok().filter(|n| (3..=600).contains(n)).map(Duration::from_secs).ok_or(None)
}

pub(super) fn redis(text: &str) -> Parsed<shared_redis::Address> {
    shared_redis::Address::parse(text).map_err(|_| None)
}

pub(super) fn networks(text: &str) -> Parsed<Vec<IpNet>> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().or_else(|_| part.parse::<IpAddr>().map(IpNet::from)).map_err(|_| None))
        .collect()
}

pub(super) fn switch(text: &str) -> Parsed<bool> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(None),
    }
}

pub(super) fn profile(text: &str) -> Parsed<Profile> {
    match text {
        "development" => Ok(Profile::Development),
        "staging" => Ok(Profile::Staging),
        "production" => Ok(Profile::Production),
        _ => Err(None),
    }
}

pub(super) fn site_root(text: &str) -> Parsed<PathBuf> {
    let path = PathBuf::from(text);
    if is_site(&path) { Ok(path) } else { Err(None) }
}

fn is_site(path: &Path) -> bool {
    path.join("assets.json").is_file()
}

/// Beside the binary (a release that was copied), or in the target folder that holds it (a checkout).
pub(super) fn find_site_root() -> Option<PathBuf> {
    let binary = std::env::current_exe().ok()?;
    let folder = binary.parent()?;
    let beside = folder.join("site");
    // `target/release/allot`, `target/debug/allot`, `target/debug/deps/a_test`.
    let in_target = folder.ancestors().skip(1).take(2).map(|folder| folder.join("site"));
    let in_checkout = PathBuf::from("target/site");
    std::iter::once(beside).chain(in_target).chain(std::iter::once(in_checkout)).find(|path| is_site(path))
}
