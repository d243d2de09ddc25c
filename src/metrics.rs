//! What is counted, for Prometheus. Every label takes one of a few values of ours: no path, id, name or address of a caller.

use std::time::Duration;

use axum::http::Method;
use prometheus::core::Collector;
use prometheus::{Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, TextEncoder};

/// Bounds of the time that an answer takes, in seconds.
const SECONDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0];
/// Bounds of the cost of a document, in objects that it can return.
const COSTS: [f64; 7] = [1.0, 10.0, 100.0, 500.0, 2_000.0, 5_000.0, 20_000.0];

/// What is counted in this process, and what was seen of the database when it was asked last.
pub struct Metrics {
    requests: IntCounterVec,
    seconds: HistogramVec,
    costs: HistogramVec,
    failures: IntCounterVec,
    braked: IntCounter,
    state: Vec<(State, IntGauge)>,
}

/// A figure that is looked up when it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Whether the database answers, 1 or 0.
    DatabaseUp,
    /// Connections to it that are open.
    Connections,
    /// Those of them that nobody uses.
    ConnectionsIdle,
    /// Events that wait for their place in the journal.
    JournalBacklog,
    /// Seconds for which the oldest of them has waited.
    JournalDelay,
    /// Jobs that are due.
    JobsDue,
    /// Jobs that failed and will be tried again.
    JobsFailed,
    /// Whether the index of businesses is ready, 1 or 0.
    IndexReady,
    /// Businesses in it.
    IndexBusinesses,
}

impl State {
    const ALL: [(Self, &str, &str); 9] = [
        (Self::DatabaseUp, "mistok_database_up", "Whether the database answers"),
        (Self::Connections, "mistok_database_connections", "Connections to the database that are open"),
        (Self::ConnectionsIdle, "mistok_database_connections_idle", "Connections to the database that nobody uses"),
        (Self::JournalBacklog, "mistok_journal_backlog", "Events that wait for their place in the journal"),
        (Self::JournalDelay, "mistok_journal_delay_seconds", "How long the oldest of them has waited"),
        (Self::JobsDue, "mistok_jobs_due", "Jobs that are due"),
        (Self::JobsFailed, "mistok_jobs_failed", "Jobs that failed and will be tried again"),
        (Self::IndexReady, "mistok_index_ready", "Whether the index of businesses is ready"),
        (Self::IndexBusinesses, "mistok_index_businesses", "Businesses in the index"),
    ];
}

impl Default for Metrics {
    fn default() -> Self {
        let opts = |name: &str, help: &str| Opts::new(name, help);
        let histogram = |name: &str, help: &str, bounds: &[f64]| HistogramOpts::new(name, help).buckets(bounds.to_vec());
        Self {
            requests: made(IntCounterVec::new(opts("mistok_http_requests_total", "Requests that were answered"), &["method", "route", "status"])),
            seconds: made(HistogramVec::new(histogram("mistok_http_request_seconds", "Seconds from the request to its answer", &SECONDS), &["method", "route"])),
            costs: made(HistogramVec::new(histogram("mistok_graphql_cost", "Objects that a document could return", &COSTS), &["operation"])),
            failures: made(IntCounterVec::new(opts("mistok_errors_total", "Errors and refusals that callers were told, by code"), &["code"])),
            braked: made(IntCounter::new(
                "mistok_guesses_braked_total",
                "Tries at passwords and tax numbers that were too many to be looked at, and letters that were too many to be sent",
            )),
            state: State::ALL.into_iter().map(|(state, name, help)| (state, made(IntGauge::new(name, help)))).collect(),
        }
    }
}

/// The names are constants, and good ones.
fn made<T>(result: prometheus::Result<T>) -> T {
    result.unwrap_or_else(|_| unreachable!("a metric's name, help and labels are written here, and each name once"))
}

impl Metrics {
    /// A request was answered; `route` is one that is served, or none.
    pub fn answered(&self, method: &Method, route: Option<&str>, status: u16, taken: Duration) {
        let method = match *method {
            Method::GET => "GET",
            Method::POST => "POST",
            _ => "other",
        };
        let route = route.unwrap_or("none");
        self.requests.with_label_values(&[method, route, &status.to_string()]).inc();
        self.seconds.with_label_values(&[method, route]).observe(taken.as_secs_f64());
    }

    /// A document ran.
    pub fn ran(&self, mutation: bool, cost: u64) {
        let histogram: Histogram = self.costs.with_label_values(&[if mutation { "mutation" } else { "query" }]);
        histogram.observe(f64::from(u32::try_from(cost).unwrap_or(u32::MAX)));
    }

    /// A caller was told an error or refusal with a code of ours.
    pub fn failed(&self, code: &str) {
        self.failures.with_label_values(&[code]).inc();
    }

    /// A guess was too many to be looked at.
    pub fn braked(&self) {
        self.braked.inc();
    }

    /// Notes what was looked up.
    pub fn set(&self, state: State, value: impl TryInto<i64>) {
        if let Some((_, gauge)) = self.state.iter().find(|(known, _)| *known == state) {
            gauge.set(value.try_into().unwrap_or(i64::MAX));
        }
    }

    /// All of it, in the text format of Prometheus.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn text(&self) -> prometheus::Result<String> {
        let Self { requests, seconds, costs, failures, braked, state } = self;
        let counted: [&dyn Collector; 5] = [requests, seconds, costs, failures, braked];
        let families: Vec<_> = counted.into_iter().chain(state.iter().map(|(_, gauge)| gauge as &dyn Collector)).flat_map(Collector::collect).collect();
        // What was never counted has no labels yet, and the format knows no family without any.
        let filled: Vec<_> = families.into_iter().filter(|family| !family.get_metric().is_empty()).collect();
        TextEncoder::new().encode_to_string(&filled)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Metrics, State};
    use axum::http::Method;

    #[test]
    fn what_is_counted_is_written_with_labels_of_ours_alone() {
        let metrics = Metrics::default();
        metrics.answered(&Method::POST, Some("/graphql"), 200, Duration::from_millis(20));
        metrics.answered(&Method::from_bytes(b"WHATEVER").expect("a method"), None, 404, Duration::ZERO);
        metrics.ran(true, 7);
        metrics.failed("NOT_FOUND");
        metrics.set(State::JobsDue, 3_u64);
        let text = metrics.text().expect("writes");
        for line in [
            "mistok_http_requests_total{method=\"POST\",route=\"/graphql\",status=\"200\"} 1",
            "mistok_http_requests_total{method=\"other\",route=\"none\",status=\"404\"} 1",
            "mistok_http_request_seconds_bucket{method=\"POST\",route=\"/graphql\",le=\"0.025\"} 1",
            "mistok_graphql_cost_bucket{operation=\"mutation\",le=\"10\"} 1",
            "mistok_errors_total{code=\"NOT_FOUND\"} 1",
            "mistok_guesses_braked_total 0",
            "mistok_jobs_due 3",
        ] {
            assert!(text.lines().any(|known| known == line), "{line}\n{text}");
        }
    }
}
