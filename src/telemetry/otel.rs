//! Spans to an OpenTelemetry collector (OTLP over HTTP), if one is named.

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::{
    Resource,
    trace::{SdkTracer, SdkTracerProvider},
};
use std::{env, sync::OnceLock};
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::registry::LookupSpan;

/// Variables that name a collector, as the specification calls them.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
/// The name there, unless this variable says another.
const NAME: (&str, &str) = ("OTEL_SERVICE_NAME", "allot");

static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// What sends; nothing when no collector is named, or none can be used.
pub(super) fn layer<S>() -> Option<OpenTelemetryLayer<S, SdkTracer>>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    ENDPOINTS.iter().find_map(|name| env::var_os(name).filter(|value| !value.is_empty()))?;
    // A wrong address is no reason not to serve; the log does not run yet.
    let exporter = SpanExporter::builder().with_http().build().ok()?;
    let name = env::var(NAME.0).unwrap_or_else(|_| NAME.1.into());
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(Resource::builder().with_service_name(name).build())
        .build();
    let tracer = provider.tracer(NAME.1);
    let _ = PROVIDER.set(provider);
    // Our fields and no others: neither source files nor threads.
    Some(tracing_opentelemetry::layer().with_tracer(tracer).with_location(false).with_threads(false))
}

/// Sends what waits; up to five seconds.
pub(super) fn stop() {
    if let Some(Err(error)) = PROVIDER.get().map(SdkTracerProvider::shutdown) {
        tracing::warn!(%error, "the last spans may not have been sent");
    }
}
