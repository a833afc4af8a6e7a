//! The error of every constructor in this crate.

/// A value that was refused: which kind, and why, without the value itself, which is personal data more often than not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} {why}")]
pub struct ValueError {
    what: &'static str,
    why: String,
}

impl ValueError {
    /// `what` was refused because it `why`: the two make one sentence.
    pub fn new(what: &'static str, why: impl Into<String>) -> Self {
        Self { what, why: why.into() }
    }

    /// The kind of value that was refused, such as `e-mail address`.
    #[must_use]
    pub fn what(&self) -> &'static str {
        self.what
    }
}
