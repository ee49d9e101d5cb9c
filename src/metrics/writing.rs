//! Writing: the queue, the batches, and the connections. Read when asked for.

use super::histogram;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{MetricType, gauge::ConstGauge},
};
use service::Allot;
use std::{
    fmt,
    sync::{Arc, Weak},
};

/// Reads the counts of the use cases.
pub(super) struct Writing(Weak<Allot>);

impl Writing {
    pub(super) fn of(allot: &Arc<Allot>) -> Self {
        Self(Arc::downgrade(allot))
    }
}

impl fmt::Debug for Writing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writing")
    }
}

impl Collector for Writing {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Some(allot) = self.0.upgrade() else { return Ok(()) };
        let mut gauge = |name: &str, help: &str, value: f64| {
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)
        };
        let pool = allot.store().pool();
        gauge("writer_queue", "Submissions that wait for a writer.", allot.queued() as f64)?;
        gauge(
            "writer_oldest_seconds",
            "How long the oldest submission has waited that has no outcome yet.",
            allot.oldest_queued().as_secs_f64(),
        )?;
        gauge("database_connections_busy", "Connections to the database in use.", f64::from(pool.busy))?;
        gauge("database_connections_idle", "Connections to the database that nobody uses.", f64::from(pool.idle))?;
        gauge("database_connections_max", "Connections to the database that there may be.", f64::from(pool.most))?;
        let meter = allot.writer_meter();
        for (name, help, values) in [
            ("writer_batch_size", "Submissions of a batch.", &meter.sizes),
            ("writer_commit_seconds", "From a batch's beginning until it has outcomes.", &meter.commits),
            ("writer_wait_seconds", "How long a submission waited for its batch to begin.", &meter.waits),
        ] {
            histogram::encode(values, encoder.encode_descriptor(name, help, None, MetricType::Histogram)?)?;
        }
        Ok(())
    }
}
