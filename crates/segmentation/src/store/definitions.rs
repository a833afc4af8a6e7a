//! The definitions of segments, in all their versions.

use chrono::{DateTime, Utc};
use ecrm_store::{Row, Session, SessionExt, StoreError, Type, Value};

use super::unreadable;
use crate::criteria::{Criteria, Name};

/// A segment with its definition in force.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    pub(crate) segment: u32,
    pub(crate) name: Name,
    pub(crate) version: u32,
    pub(crate) criteria: Criteria,
    pub(crate) defined_at: DateTime<Utc>,
    pub(crate) archived_at: Option<DateTime<Utc>>,
    /// Whether somebody was put in or kept out by hand.
    pub(crate) has_manual: bool,
}

/// What a version of a definition did to its segment.
pub(crate) struct Replaced {
    pub(crate) version: u32,
    pub(crate) position: i64,
    pub(crate) entered: u64,
    pub(crate) left: u64,
    pub(crate) defined_at: DateTime<Utc>,
}

const SELECT: &str = "SELECT s.segment, s.name, s.version, d.criteria, d.defined_at, s.archived_at, s.has_manual
     FROM ecrm_segmentation_segment s
     JOIN ecrm_segmentation_definition d ON d.segment = s.segment AND d.version = s.version";

/// All segments, archived ones as well, by name.
pub(crate) fn all(session: &mut dyn Session) -> Result<Vec<Definition>, StoreError> {
    session.query_all(&format!("{SELECT} ORDER BY s.name"), &[], read)
}

pub(crate) fn find(session: &mut dyn Session, name: &Name) -> Result<Option<Definition>, StoreError> {
    session.query_first(&format!("{SELECT} WHERE s.name = $1"), &[name.as_str().into()], read)
}

/// Writes the segment, new or not.
pub(crate) fn save_segment(session: &mut dyn Session, definition: &Definition) -> Result<(), StoreError> {
    session.execute(
        "INSERT INTO ecrm_segmentation_segment (name, segment, version, members, has_manual, archived_at)
         VALUES ($1, $2, $3, 0, $4, $5)
         ON CONFLICT (name) DO UPDATE SET version = excluded.version, has_manual = excluded.has_manual,
             archived_at = excluded.archived_at",
        &[
            definition.name.as_str().into(),
            definition.segment.into(),
            definition.version.into(),
            definition.has_manual.into(),
            Value::or_null(definition.archived_at, Type::Integer),
        ],
    )?;
    Ok(())
}

/// Writes a version of a definition, and what it did to the segment.
pub(crate) fn save_version(
    session: &mut dyn Session,
    definition: &Definition,
    (position, entered, left): (i64, u64, u64),
) -> Result<(), StoreError> {
    let criteria = to_json(&definition.criteria)?;
    let count = |count: u64| Value::Integer(i64::try_from(count).unwrap_or(i64::MAX));
    session.execute(
        "INSERT INTO ecrm_segmentation_definition
             (segment, version, criteria, defined_at, position, entered, left_count)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            definition.segment.into(),
            definition.version.into(),
            Value::json(criteria),
            definition.defined_at.into(),
            position.into(),
            count(entered),
            count(left),
        ],
    )?;
    Ok(())
}

pub(crate) fn rename(session: &mut dyn Session, from: &Name, to: &Name) -> Result<(), StoreError> {
    session.execute(
        "INSERT INTO ecrm_segmentation_segment (name, segment, version, members, has_manual, archived_at)
         SELECT $2, segment, version, members, has_manual, archived_at FROM ecrm_segmentation_segment WHERE name = $1",
        &[from.as_str().into(), to.as_str().into()],
    )?;
    session.execute(
        "DELETE FROM ecrm_segmentation_segment WHERE name = $1",
        &[from.as_str().into()],
    )?;
    Ok(())
}

/// Writes the criteria of the version in force anew: for names that have changed.
pub(crate) fn rewrite(session: &mut dyn Session, definition: &Definition) -> Result<(), StoreError> {
    session.execute(
        "UPDATE ecrm_segmentation_definition SET criteria = $3 WHERE segment = $1 AND version = $2",
        &[
            definition.segment.into(),
            definition.version.into(),
            Value::json(to_json(&definition.criteria)?),
        ],
    )?;
    Ok(())
}

/// How many members the folded set of a segment has.
pub(crate) fn members(session: &mut dyn Session, name: &Name) -> Result<Option<(u32, i64)>, StoreError> {
    session.query_first(
        "SELECT segment, members FROM ecrm_segmentation_segment WHERE name = $1 AND archived_at IS NULL",
        &[name.as_str().into()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// All versions of a definition, the latest first.
pub(crate) fn versions(
    session: &mut dyn Session,
    segment: u32,
) -> Result<Vec<(u32, Criteria, DateTime<Utc>)>, StoreError> {
    session.query_all(
        "SELECT version, criteria, defined_at FROM ecrm_segmentation_definition WHERE segment = $1
         ORDER BY version DESC",
        &[segment.into()],
        |row| Ok((row.get(0)?, criteria(&row.json(1)?)?, row.get(2)?)),
    )
}

/// The versions of a definition behind a position in the log.
pub(crate) fn behind(session: &mut dyn Session, segment: u32, position: i64) -> Result<Vec<Replaced>, StoreError> {
    let count = |count: i64| u64::try_from(count).unwrap_or_default();
    session.query_all(
        "SELECT version, position, entered, left_count, defined_at FROM ecrm_segmentation_definition
         WHERE segment = $1 AND position > $2 ORDER BY position",
        &[segment.into(), position.into()],
        |row| {
            Ok(Replaced {
                version: row.get(0)?,
                position: row.get(1)?,
                entered: count(row.get(2)?),
                left: count(row.get(3)?),
                defined_at: row.get(4)?,
            })
        },
    )
}

fn read(row: &Row<'_>) -> Result<Definition, StoreError> {
    Ok(Definition {
        segment: row.get(0)?,
        name: Name::new(&row.text(1)?).map_err(|_| unreadable("the name of a segment"))?,
        version: row.get(2)?,
        criteria: criteria(&row.json(3)?)?,
        defined_at: row.get(4)?,
        archived_at: row.get(5)?,
        has_manual: row.get(6)?,
    })
}

fn to_json(criteria: &Criteria) -> Result<String, StoreError> {
    serde_json::to_string(criteria).map_err(|_| unreadable("a definition"))
}

fn criteria(json: &str) -> Result<Criteria, StoreError> {
    serde_json::from_str(json).map_err(|_| unreadable("a definition"))
}
