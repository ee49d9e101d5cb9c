//! The service's histograms in Prometheus's form.

use prometheus_client::{
    encoding::{EncodeMetric, MetricEncoder, NoLabelSet},
    metrics::{MetricType, TypedMetric},
};
use service::histogram::{Histogram, SECONDS};
use std::{fmt, sync::Arc};

/// Times of answers.
#[derive(Clone, Debug)]
pub(super) struct Times(pub(super) Arc<Histogram>);

impl Default for Times {
    fn default() -> Self {
        Self(Arc::new(Histogram::new(SECONDS)))
    }
}

impl TypedMetric for Times {
    const TYPE: MetricType = MetricType::Histogram;
}

impl EncodeMetric for Times {
    fn encode(&self, encoder: MetricEncoder<'_>) -> fmt::Result {
        encode(&self.0, encoder)
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}

/// One histogram; what is counted meanwhile is in the next answer.
pub(super) fn encode(histogram: &Histogram, mut encoder: MetricEncoder<'_>) -> fmt::Result {
    let buckets = histogram.buckets();
    let count = buckets.iter().map(|(_, count)| count).sum();
    encoder.encode_histogram::<NoLabelSet>(histogram.sum(), count, &buckets, None)
}
