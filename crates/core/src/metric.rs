//! Named numbers about a customer, published by modules and read by segmentation.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{AttributeName, SubjectId, ValueError, to_microseconds};

/// One number about somebody: `rfm.recency`, `value.clv`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Metric {
    parts: Parts,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Parts {
    subject: SubjectId,
    name: AttributeName,
    value: f64,
    unit: String,
    as_of: DateTime<Utc>,
}

impl Metric {
    /// A number, its unit (a currency code, `days`, `1` for a plain number) and the instant for which it was computed.
    ///
    /// # Errors
    /// When the value is not finite, or the unit is empty, longer than 20 characters or has control characters.
    pub fn new(
        subject: SubjectId,
        name: AttributeName,
        value: f64,
        unit: &str,
        as_of: DateTime<Utc>,
    ) -> Result<Self, ValueError> {
        if !value.is_finite() {
            return Err(ValueError::new("metric", "is infinite or not a number"));
        }
        let unit = crate::text::one_line("unit of a metric", unit, 20)?;
        Ok(Self {
            parts: Parts {
                subject,
                name,
                value,
                unit,
                as_of: to_microseconds(as_of),
            },
        })
    }

    /// About whom.
    #[must_use]
    pub fn subject(&self) -> SubjectId {
        self.parts.subject
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &AttributeName {
        &self.parts.name
    }

    /// The number.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.parts.value
    }

    /// The unit.
    #[must_use]
    pub fn unit(&self) -> &str {
        &self.parts.unit
    }

    /// The instant for which it was computed.
    #[must_use]
    pub fn as_of(&self) -> DateTime<Utc> {
        self.parts.as_of
    }
}

impl TryFrom<Parts> for Metric {
    type Error = ValueError;

    fn try_from(parts: Parts) -> Result<Self, ValueError> {
        Self::new(parts.subject, parts.name, parts.value, &parts.unit, parts.as_of)
    }
}

impl From<Metric> for Parts {
    fn from(metric: Metric) -> Self {
        metric.parts
    }
}
