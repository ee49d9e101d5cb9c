//! `GET /api/v1/openapi.json`: the contract, generated from the handlers and the types that they answer.

use super::{batch, budgets, deletion, live, participant, submission, submit};
use crate::router::{aggregate, ops};
use axum::{http::header, response::IntoResponse};
use bytes::Bytes;
use std::sync::LazyLock;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        HeaderBuilder, RefOr,
        schema::{AdditionalProperties, ObjectBuilder, Schema, SchemaType, Type},
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Allot",
        description = "Split your taxes and compare: mine, everyone, actual. Shares are points: hundredths of a \
            percent, whole numbers, 10000 in all.\n\nErrors are problem details (RFC 9457). Beyond those listed, \
            any address answers 405 with `Allow` to a method that it does not know, 404 where nothing is, and \
            503 with `Retry-After` when the server is overloaded.",
        license(name = "MIT OR Apache-2.0"),
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "budgets", description = "What can be voted on, and what everyone said"),
        (name = "submissions", description = "One allocation of one person"),
        (name = "batch", description = "Several reads in one request"),
        (name = "participant", description = "The anonymous identity that people may consent to"),
        (name = "operations", description = "For those who run the server"),
    ),
    paths(
        budgets::list, budgets::one, aggregate::get, live::get, submit::post, submission::get, deletion::delete,
        batch::post, participant::post, participant::delete, get, ops::live, ops::ready, ops::health,
    ),
    components(schemas(domain::dto::Problem, domain::FieldError)),
    modifiers(&Security, &RequestId, &Strict),
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let cookie =
            ApiKeyValue::with_description("allot_participant", "Set by POST /api/v1/participant, with consent");
        components.add_security_scheme("participant", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        let mut token = Http::new(HttpAuthScheme::Bearer);
        token.description = Some("The `manage` token of the submission's receipt".into());
        components.add_security_scheme("manage", SecurityScheme::Http(token));
    }
}

/// Every response carries the id under which the log knows the request.
struct RequestId;

impl Modify for RequestId {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let text = ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).min_length(Some(1)).build();
        let header =
            HeaderBuilder::new().schema(Some(text)).description(Some("The log's name for this request")).build();
        for item in document.paths.paths.values_mut() {
            for operation in [&mut item.get, &mut item.post, &mut item.delete].into_iter().flatten() {
                for response in operation.responses.responses.values_mut() {
                    if let RefOr::T(response) = response {
                        response.headers.insert("X-Request-Id".into(), header.clone().into());
                    }
                }
            }
        }
    }
}

/// A body with a field that we do not know is refused: it may be a mistyped one that we do.
struct Strict;

impl Modify for Strict {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        for name in ["SubmitRequest", "BatchRequest", "BatchRead"] {
            if let Some(RefOr::T(Schema::Object(request))) = components.schemas.get_mut(name) {
                request.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
        }
    }
}

static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| {
    // A document of plain values always serialises.
    serde_json::to_vec(&Document::openapi()).unwrap_or_default().into()
});

/// This document.
#[utoipa::path(
    get, path = "/api/v1/openapi.json", tag = "operations", operation_id = "getContract",
    params(("If-None-Match" = Option<String>, Header, description = "Entity tags that the reader has")),
    responses(
        (
            status = 200, description = "OpenAPI 3.1", body = serde_json::Value,
            headers(
                ("ETag" = inline(super::schema::EntityTag), description = "Names content and content coding"),
                ("Cache-Control" = String, description = "`public, max-age=300`"),
            ),
        ),
        super::responses::NotModified,
    ),
)]
pub(super) async fn get() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, DOCUMENT.clone())
}
