//! How fast pages were there and answered, as browsers measured it.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{family::Family, histogram::Histogram},
    registry::Registry,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByVital {
    name: &'static str,
    page: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByPage {
    page: &'static str,
}

/// The bounds by which LCP (2.5, 4 s), FCP (1.8, 3 s), INP (0.2, 0.5 s) and TTFB (0.8, 1.8 s) are judged, and some
/// between them.
fn seconds() -> Histogram {
    Histogram::new([0.05, 0.1, 0.2, 0.35, 0.5, 0.8, 1.2, 1.8, 2.5, 3.0, 4.0, 6.0, 10.0])
}

/// Those of CLS (0.1, 0.25), and some between them.
fn shifts() -> Histogram {
    Histogram::new([0.0, 0.01, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0])
}

/// Histograms by kind of page.
pub(crate) struct VitalsMetrics {
    seconds: Family<ByVital, Histogram, fn() -> Histogram>,
    shifts: Family<ByPage, Histogram, fn() -> Histogram>,
}

impl VitalsMetrics {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let metrics = Self {
            seconds: Family::new_with_constructor(seconds as fn() -> Histogram),
            shifts: Family::new_with_constructor(shifts as fn() -> Histogram),
        };
        registry.register(
            "web_vital_seconds",
            "LCP, FCP, INP and TTFB as a sample of browsers measured them, by kind of page",
            metrics.seconds.clone(),
        );
        registry.register(
            "web_vital_cls",
            "Cumulative layout shift as a sample of browsers measured it, by kind of page",
            metrics.shifts.clone(),
        );
        metrics
    }

    /// `name` and `page` are from fixed sets.
    pub(crate) fn seconds(&self, name: &'static str, page: &'static str, seconds: f64) {
        self.seconds.get_or_create(&ByVital { name, page }).observe(seconds);
    }

    pub(crate) fn cls(&self, page: &'static str, cls: f64) {
        self.shifts.get_or_create(&ByPage { page }).observe(cls);
    }
}
