//! The parts of a mail, as the templates see them.

use serde::Serialize;

/// A part of a mail, as the templates see it.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Block {
    Text {
        text: String,
    },
    Status {
        text: String,
        tone: &'static str,
    },
    Facts {
        facts: Vec<Fact>,
    },
    Lines(Table),
    Buttons {
        buttons: Vec<Button>,
    },
    Quote {
        label: Option<String>,
        text: String,
        rows: Vec<String>,
    },
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Fact {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) rows: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Table {
    pub(super) title: Option<String>,
    pub(super) lines: Vec<Line>,
    pub(super) totals: Vec<Fact>,
    pub(super) item_label: String,
    pub(super) amount_label: String,
}

/// A line as the templates see it. What is not told is absent.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    pub(super) description: String,
    pub(super) quantity: String,
    pub(super) unit_price: Option<String>,
    pub(super) amount: Option<String>,
    pub(super) state: Option<String>,
    pub(super) tone: &'static str,
}

impl Line {
    /// The line with another quantity, and without what it costs.
    pub(crate) fn without_price(self, quantity: String) -> Self {
        Self {
            quantity,
            unit_price: None,
            amount: None,
            ..self
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Button {
    pub(super) label: String,
    pub(super) url: String,
    pub(super) tone: &'static str,
}
