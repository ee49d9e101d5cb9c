//! Reads what `/metrics` says, so that this and the dashboards can't tell different things.

use std::collections::BTreeMap;

/// Names and values of labels.
pub(super) type Labels = BTreeMap<String, String>;

/// The lines of Prometheus's text.
pub(super) struct Samples(Vec<(String, Labels, f64)>);

impl Samples {
    /// Lines that are not samples are left out.
    pub(super) fn parse(text: &str) -> Self {
        Self(text.lines().filter(|line| !line.starts_with('#')).filter_map(line).collect())
    }

    /// Of the only sample with this name.
    pub(super) fn value(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|(known, ..)| known == name).map(|(_, _, value)| *value)
    }

    /// Of a histogram: labels, upper bound, and how many were not above it.
    pub(super) fn buckets(&self, name: &str) -> impl Iterator<Item = (&Labels, f64, u64)> {
        let name = format!("{name}_bucket");
        self.0.iter().filter(move |(known, ..)| *known == name).filter_map(|(_, labels, value)| {
            let bound = match labels.get("le")?.as_str() {
                "+Inf" => f64::INFINITY,
                bound => bound.parse().ok()?,
            };
            Some((labels, bound, *value as u64))
        })
    }

    /// A histogram, whatever its labels.
    pub(super) fn times(&self, name: &str) -> Times {
        let mut times = Times::default();
        self.buckets(name).for_each(|(_, bound, count)| times.add(bound, count));
        times
    }
}

/// `name{label="value",...} 1.5`
fn line(line: &str) -> Option<(String, Labels, f64)> {
    let (sample, value) = line.rsplit_once(' ')?;
    let (name, labels) = match sample.split_once('{') {
        None => (sample, Labels::new()),
        Some((name, rest)) => (name, labels(rest.strip_suffix('}')?)?),
    };
    Some((name.to_owned(), labels, value.parse().ok()?))
}

/// Routes have braces, and may have anything but quotes, which the encoder would escape.
fn labels(mut text: &str) -> Option<Labels> {
    let mut labels = Labels::new();
    while !text.is_empty() {
        let (name, rest) = text.split_once("=\"")?;
        let (value, rest) = rest.split_once('"')?;
        labels.insert(name.to_owned(), value.to_owned());
        text = rest.strip_prefix(',').unwrap_or(rest);
    }
    Some(labels)
}

/// A histogram: how many were not above each bound. Those of several labels may be added up.
#[derive(Debug, Default)]
pub(super) struct Times(Vec<(f64, u64)>);

impl Times {
    pub(super) fn add(&mut self, bound: f64, count: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == bound) {
            Some((_, known)) => *known += count,
            None => {
                self.0.push((bound, count));
                self.0.sort_by(|one, other| one.0.total_cmp(&other.0));
            }
        }
    }

    /// All of them.
    pub(super) fn count(&self) -> u64 {
        self.0.last().map_or(0, |(_, count)| *count)
    }

    /// Within its bucket in proportion, as Prometheus's `histogram_quantile` does; the greatest finite bound when it is
    /// above all of them. `None` of nothing.
    pub(super) fn quantile(&self, quantile: f64) -> Option<f64> {
        let rank = self.count() as f64 * quantile;
        if self.count() == 0 {
            return None;
        }
        let at = self.0.iter().position(|(_, count)| *count as f64 >= rank)?;
        let (below, before) = match at.checked_sub(1) {
            Some(before) => self.0[before],
            None => (0.0, 0),
        };
        let (bound, count) = self.0[at];
        if !bound.is_finite() {
            return Some(below);
        }
        let within = (count - before) as f64;
        Some(if within > 0.0 { below + (bound - below) * (rank - before as f64) / within } else { bound })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# TYPE allot_http_request_seconds histogram\n\
        allot_http_request_seconds_bucket{area=\"api\",route=\"/api/v1/budgets/{budget}\",status=\"2xx\",le=\"0.01\"} 50\n\
        allot_http_request_seconds_bucket{area=\"api\",route=\"/api/v1/budgets/{budget}\",status=\"2xx\",le=\"0.1\"} 99\n\
        allot_http_request_seconds_bucket{area=\"api\",route=\"/api/v1/budgets/{budget}\",status=\"2xx\",le=\"+Inf\"} 100\n\
        allot_writer_queue 3\n\
        # EOF\n";

    #[test]
    fn quantiles_are_interpolated_within_the_buckets() {
        let samples = Samples::parse(TEXT);
        assert_eq!(samples.value("allot_writer_queue"), Some(3.0));
        assert_eq!(samples.value("allot_nothing"), None);
        let labels = samples.buckets("allot_http_request_seconds").next().unwrap().0;
        assert_eq!(labels["route"], "/api/v1/budgets/{budget}");
        let times = samples.times("allot_http_request_seconds");
        assert_eq!(times.count(), 100);
        let close = |quantile, expected: f64| (times.quantile(quantile).unwrap() - expected).abs() < 1e-9;
        assert!(close(0.25, 0.005) && close(0.5, 0.01) && close(0.99, 0.1), "{times:?}");
        assert!(close(0.999, 0.1), "above all bounds");
        assert_eq!(Times::default().quantile(0.5), None);
    }

    #[test]
    fn histograms_of_several_labels_add_up() {
        let mut times = Times::default();
        for (bound, count) in [(0.1, 1), (f64::INFINITY, 2), (0.1, 1), (f64::INFINITY, 1)] {
            times.add(bound, count);
        }
        assert_eq!(times.count(), 3);
        assert!((times.quantile(0.5).unwrap() - 0.075).abs() < 1e-9);
    }
}
