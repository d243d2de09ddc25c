//! What the program tells of itself while it runs: the log on standard error, lines for people or JSON for machines, so that standard
//! output stays a command's own; and, where a collector is named, one span a request by OTLP.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::filter::{LevelFilter, ParseError, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};
use tracing_subscriber::{EnvFilter, Layer as _, fmt, registry};

use crate::config::Collector;

/// What is logged unless a filter says otherwise.
const USUAL: &str = "info";
/// What libraries tell: below it some show headers, messages and statements, and so tokens. A filter has to name one to get that.
const OF_LIBRARIES: LevelFilter = LevelFilter::WARN;
/// The target of the spans that go to a collector; they are no part of the log.
pub const TRACES: &str = "traces";
/// How long a collector may take for a batch of spans, and for the last of them at the end.
const COLLECTOR_TIME: Duration = Duration::from_secs(3);

/// How the lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Lines,
    /// One JSON object a line.
    Json,
}

/// Why the log could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter is none; write for example `info,mistok=debug`.
    #[error("the log filter cannot be read; write for example info,mistok=debug")]
    Filter(#[from] ParseError),
    /// Something logs already.
    #[error("the log was opened twice")]
    Twice(#[from] TryInitError),
    /// Spans cannot be sent.
    #[error("no spans can be sent to the collector")]
    Collector(#[from] ExporterBuildError),
}

/// The spans that still have to go out.
#[derive(Debug, Default)]
pub struct Spans(Option<SdkTracerProvider>);

impl Spans {
    /// Sends the last ones, as far as the collector takes them in time.
    pub fn end(&self) {
        if let Some(Err(cause)) = self.0.as_ref().map(|provider| provider.shutdown_with_timeout(COLLECTOR_TIME)) {
            tracing::warn!(%cause, "the last spans did not go out");
        }
    }
}

/// Opens the log, for the rest of the process, and what sends spans where there is a collector.
///
/// # Errors
/// When the filter cannot be read, or the log is open already.
pub fn init(format: Format, filter: Option<&str>, collector: Option<&Collector>) -> Result<Spans, LogError> {
    let filter = EnvFilter::try_new(narrowed(filter.unwrap_or(USUAL)))?;
    let log = fmt::layer().with_ansi(io::stderr().is_terminal()).with_writer(io::stderr).log_internal_errors(false);
    let log = match format {
        Format::Lines => log.with_target(false).boxed(),
        Format::Json => log.json().flatten_event(true).boxed(),
    };
    let provider = collector.map(provider).transpose()?;
    let spans = provider.as_ref().map(|provider| {
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("mistok")).with_location(false).with_threads(false).with_target(false).with_level(false);
        layer.with_tracked_inactivity(false).with_filter(Targets::new().with_target(TRACES, LevelFilter::INFO))
    });
    registry().with(spans).with(log.with_filter(filter)).try_init()?;
    Ok(Spans(provider))
}

/// A filter whose bare level is that of Mistok, and of libraries only as far as it asks for less than they tell anyway.
fn narrowed(filter: &str) -> String {
    let (mut libraries, mut parts) = (OF_LIBRARIES, vec![format!("{TRACES}=off")]);
    for part in filter.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match part.parse::<LevelFilter>() {
            Ok(level) => {
                libraries = level.min(OF_LIBRARIES);
                parts.push(format!("mistok={level}"));
            }
            Err(_) => parts.push(part.to_owned()),
        }
    }
    format!("{libraries},{}", parts.join(","))
}

/// Sends spans in batches from a thread of its own: a collector that is away costs the service nothing but the spans.
fn provider(collector: &Collector) -> Result<SdkTracerProvider, ExporterBuildError> {
    let exporter = SpanExporter::builder().with_http().with_endpoint(collector.traces()).with_timeout(COLLECTOR_TIME).build()?;
    let resource = Resource::builder().with_service_name("mistok").with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION"))).build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

#[cfg(test)]
mod tests {
    use super::narrowed;

    #[test]
    fn a_level_alone_is_that_of_mistok_and_a_library_is_heard_when_it_is_named() {
        assert_eq!(narrowed("trace"), "warn,traces=off,mistok=trace");
        assert_eq!(narrowed("error"), "error,traces=off,mistok=error");
        assert_eq!(narrowed("mistok=debug, sqlx=info"), "warn,traces=off,mistok=debug,sqlx=info");
        assert_eq!(narrowed("debug,mistok::jobs=off"), "warn,traces=off,mistok=debug,mistok::jobs=off");
        assert_eq!(narrowed(""), "warn,traces=off");
    }
}
