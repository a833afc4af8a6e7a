//! Named numbers about customers.

use chrono::{DateTime, Utc};
use ecrm_core::{AttributeName, Metric, SubjectId};

use crate::changes::{self, ChangeKind};
use crate::json::unreadable_value as unreadable;
use crate::{Row, Session, SessionExt, StoreError};

const COLUMNS: &str = "subject_id, name, value, unit, as_of";

/// Publishes a number. One that was computed for an earlier instant than the stored one is ignored.
///
/// # Errors
/// Those of the database.
pub fn publish(session: &mut dyn Session, metric: &Metric, now: DateTime<Utc>) -> Result<(), StoreError> {
    let written = session.execute(
        "INSERT INTO ecrm_metric_value (subject_id, name, value, unit, as_of) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (subject_id, name) DO UPDATE
         SET value = excluded.value, unit = excluded.unit, as_of = excluded.as_of
         WHERE ecrm_metric_value.as_of <= excluded.as_of",
        &[
            metric.subject().into(),
            metric.name().as_str().into(),
            metric.value().into(),
            metric.unit().into(),
            metric.as_of().into(),
        ],
    )?;
    if written > 0 {
        changes::note(session, metric.subject(), ChangeKind::Metric, now)?;
    }
    Ok(())
}

/// One number about somebody.
///
/// # Errors
/// Those of the database.
pub fn load(session: &mut dyn Session, subject: SubjectId, name: &AttributeName) -> Result<Option<Metric>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ecrm_metric_value WHERE subject_id = $1 AND name = $2");
    session.query_first(&sql, &[subject.into(), name.as_str().into()], read)
}

/// All numbers about somebody, by name.
///
/// # Errors
/// Those of the database.
pub fn of_subject(session: &mut dyn Session, subject: SubjectId) -> Result<Vec<Metric>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ecrm_metric_value WHERE subject_id = $1 ORDER BY name");
    session.query_all(&sql, &[subject.into()], read)
}

/// All numbers about the customers and guests from one id to another, both included, by id and name.
///
/// # Errors
/// Those of the database.
pub fn between(session: &mut dyn Session, (first, last): (SubjectId, SubjectId)) -> Result<Vec<Metric>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM ecrm_metric_value WHERE subject_id >= $1 AND subject_id <= $2 ORDER BY subject_id, name"
    );
    session.query_all(&sql, &[first.into(), last.into()], read)
}

fn read(row: &Row<'_>) -> Result<Metric, StoreError> {
    let name = AttributeName::new(&row.text(1)?).map_err(unreadable)?;
    Metric::new(row.get(0)?, name, row.get(2)?, &row.text(3)?, row.get(4)?).map_err(unreadable)
}
