//! What a mail does to promises.

use chrono::{DateTime, Utc};

/// What a mail does to the promises of its recipient when it is queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// It tells by when something happens, or that this is not known; perhaps instead of what was told before.
    Tell {
        about: String,
        what: &'static str,
        when: When,
        instead_of: Option<Told>,
    },
    /// It says that something has happened.
    Keep {
        about: String,
        what: &'static str,
        at: DateTime<Utc>,
    },
    /// It says that something will not happen, and that the customer agrees or has asked for it.
    Release { about: String, what: &'static str },
}

impl Step {
    /// The promise that it is about: about what, and what was promised.
    pub(crate) fn promise(&self) -> (&str, &'static str) {
        match self {
            Self::Tell { about, what, .. } | Self::Keep { about, what, .. } | Self::Release { about, what } => {
                (about, what)
            }
        }
    }
}

/// By when something happens, as a mail tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// By this instant.
    DueAt(DateTime<Utc>),
    /// Nobody knows yet. "We will tell you as soon as we know" is a promise too: there is to be news by this instant.
    NewsBy(DateTime<Utc>),
}

/// What a mail says was told before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// Something that was due at this instant.
    DueAt(DateTime<Utc>),
    /// No day, only that there would be news. It takes nothing back, but is news.
    Nothing,
    /// Whatever it was.
    Something,
}
