//! `GET /problems/{kind}`: the addresses in a problem's `type` explain it.

use super::problem::{Kind, Problem};
use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};

pub(super) async fn show(path: Result<Path<String>, axum::extract::rejection::PathRejection>) -> Response {
    let name = path.map(|Path(name)| name).unwrap_or_default();
    let kind = Kind::ALL.into_iter().find(|kind| kind.address().strip_prefix("/problems/") == Some(&name));
    let Some(kind) = kind else { return Problem::from(Kind::NotFound).into_response() };
    let text = format!("{}: {}\n\n{}\n", kind.status().as_u16(), kind.title(), kind.explanation());
    ([(header::CACHE_CONTROL, "public, max-age=86400")], text).into_response()
}
