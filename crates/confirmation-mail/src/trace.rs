//! Spans, if the feature `tracing` is on. They name steps and counts, never people.

/// Enters a span for as long as the returned guard lives.
#[cfg(feature = "tracing")]
pub(crate) fn span(step: &'static str) -> tracing::span::EnteredSpan {
    tracing::info_span!("ecrm.confirmation_mail", step).entered()
}

/// Does nothing: the feature `tracing` is off.
#[cfg(not(feature = "tracing"))]
pub(crate) fn span(_step: &'static str) {}
