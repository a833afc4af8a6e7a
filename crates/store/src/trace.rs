//! Spans, if the feature `tracing` is on. They name steps, never people, parameters or rows.

/// A span that ends when this value is dropped.
#[must_use = "the span ends when the value is dropped"]
pub struct Span {
    #[cfg(feature = "tracing")]
    _entered: tracing::span::EnteredSpan,
}

/// Enters a span `ecrm` with the fields `module` and `step`. Without the feature `tracing` it does nothing.
#[cfg_attr(
    not(feature = "tracing"),
    expect(unused_variables, reason = "without tracing nobody reads them")
)]
pub fn span(module: &'static str, step: &'static str) -> Span {
    Span {
        #[cfg(feature = "tracing")]
        _entered: tracing::info_span!("ecrm", module, step).entered(),
    }
}

impl std::fmt::Debug for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Span")
    }
}
