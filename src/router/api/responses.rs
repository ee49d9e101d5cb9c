//! The problems that operations answer, for the OpenAPI document only.

use crate::router::problem::Kind;
use domain::dto;
use std::collections::BTreeMap;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{
        ContentBuilder, HeaderBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder,
        schema::{SchemaType, Type},
    },
};

type Responses = BTreeMap<String, RefOr<Response>>;

/// The response of some kinds that share a status.
fn problem(kinds: &[Kind]) -> Responses {
    let status = kinds.first().map_or(500, |kind| kind.status().as_u16());
    let description: Vec<String> =
        kinds.iter().map(|kind| format!("{}: {} `{}`", kind.title(), kind.explanation(), kind.address())).collect();
    let schema = RefOr::Ref(Ref::from_schema_name(dto::Problem::name()));
    let mut response = ResponseBuilder::new()
        .description(description.join(" "))
        .content("application/problem+json", ContentBuilder::new().schema(Some(schema)).build());
    if matches!(status, 429 | 503) {
        let seconds = ObjectBuilder::new().schema_type(SchemaType::new(Type::Integer)).minimum(Some(1)).build();
        let header =
            HeaderBuilder::new().schema(Some(seconds)).description(Some("Seconds until it is worth trying again"));
        response = response.header("Retry-After", header.build());
    }
    Responses::from([(status.to_string(), RefOr::T(response.build()))])
}

/// 304
pub(crate) struct NotModified;

impl IntoResponses for NotModified {
    fn responses() -> Responses {
        let response = ResponseBuilder::new().description("The reader has it; headers as with 200").build();
        Responses::from([("304".to_owned(), RefOr::T(response))])
    }
}

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident: $($kind:ident)+;)+) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> Responses {
                problem(&[$(Kind::$kind),+])
            }
        }
    )+};
}

problems! {
    /// 400
    Malformed: Malformed;
    /// 403 for where the request came from.
    CrossOrigin: CrossOrigin;
    /// 403 for where the request came from, or for who sent it.
    Forbidden: Forbidden CrossOrigin;
    /// 404
    NotFound: NotFound;
    /// 408
    RequestTimeout: RequestTimeout;
    /// 409
    Conflict: Conflict Closed;
    /// 410
    Gone: Deleted;
    /// 413
    TooLarge: TooLarge;
    /// 415
    UnsupportedMediaType: UnsupportedMediaType;
    /// 422
    Invalid: Invalid;
    /// 429
    RateLimited: RateLimited;
    /// 503
    Unavailable: Unavailable Overloaded;
}
