//! What `/metrics` tells, in the text format of Prometheus.

use isomer_record::Verdict;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::gate::Gate;

/// The content type of the text.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Judged {
    verdict: &'static str,
}

/// All figures of a server.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    verdicts: Family<Judged, Counter>,
    seconds: Histogram,
    sandbox_errors: Counter,
}

impl Metrics {
    /// Everything at zero; the gate keeps its own gauges.
    pub(crate) fn new(gate: &Gate) -> Self {
        let mut registry = Registry::with_prefix("isomer_sandbox");
        let requests = Family::default();
        registry.register("requests", "Requests by route and status", requests.clone());
        let verdicts = Family::default();
        registry.register("verdicts", "Verdicts on tests by kind", verdicts.clone());
        let seconds = Histogram::new(exponential_buckets(0.001, 2.0, 18));
        registry.register_with_unit(
            "judge",
            "Time from a free slot to the answer of a request",
            Unit::Seconds,
            seconds.clone(),
        );
        let sandbox_errors = Counter::default();
        registry.register(
            "errors",
            "Failures of the sandbox itself; none of them became a verdict",
            sandbox_errors.clone(),
        );
        registry.register("queue_length", "Requests that wait for a slot", gate.waiting.clone());
        registry.register("busy_slots", "Requests that are worked on", gate.busy.clone());
        Self { registry, requests, verdicts, seconds, sandbox_errors }
    }

    /// Counts a response. `route` is the pattern, never the path that was asked for.
    pub(crate) fn answered(&self, route: &str, status: u16) {
        self.requests.get_or_create(&Answered { route: route.to_owned(), status }).inc();
    }

    /// Counts a verdict.
    pub(crate) fn judged(&self, verdict: Verdict) {
        self.verdicts.get_or_create(&Judged { verdict: verdict.as_str() }).inc();
    }

    /// Notes how long a request was worked on.
    pub(crate) fn worked(&self, seconds: f64) {
        self.seconds.observe(seconds);
    }

    /// Counts a failure of ours.
    pub(crate) fn broke(&self) {
        self.sandbox_errors.inc();
    }

    /// The text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }
}
