//! The baseline server: an axum handler that does nothing but answer fixed bytes.
//!
//! `bench-bare ADDRESS PATH HEADERS-FILE BODY-FILE`, where the headers file has one header on a line.

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue},
    routing::get,
};
use mimalloc::MiMalloc;
use std::{error::Error, net::SocketAddr};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [address, path, headers, body] = arguments.as_slice() else {
        return Err("usage: bench-bare ADDRESS PATH HEADERS-FILE BODY-FILE".into());
    };
    let address: SocketAddr = address.parse()?;
    if !address.ip().is_loopback() {
        return Err("listens on this machine only".into());
    }
    let headers = read_headers(&std::fs::read_to_string(headers)?)?;
    let body = Bytes::from(std::fs::read(body)?);
    let router = Router::new().route(path, get(async move || (headers.clone(), body.clone())));
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await?;
        axum::serve(listener, router).await?;
        Ok(())
    })
}

fn read_headers(text: &str) -> Result<HeaderMap, Box<dyn Error>> {
    let mut headers = HeaderMap::new();
    for (name, value) in text.lines().filter_map(|line| line.split_once(": ")) {
        headers.append(HeaderName::try_from(name)?, HeaderValue::from_str(value)?);
    }
    Ok(headers)
}
