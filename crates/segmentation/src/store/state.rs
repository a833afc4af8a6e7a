//! What holds for all segments.

use ecrm_core::CustomerId;
use ecrm_store::{Session, SessionExt, StoreError, Type, Value};

/// The one row.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) zone: String,
    /// Tells one set of definitions from another.
    pub(crate) stamp: String,
    /// How many numbers of segments were given.
    pub(crate) segments: u32,
    /// How many numbers of customers were given.
    pub(crate) customers: u32,
    /// The last position in the log.
    pub(crate) position: i64,
    /// The customers up to this one have been packed, each alone.
    pub(crate) packed_to: Option<CustomerId>,
    /// Customers with lower numbers have been packed together as well.
    pub(crate) laid: u32,
    /// The last of them.
    pub(crate) laid_to: Option<CustomerId>,
    /// All customers have been packed who were there when it was installed.
    pub(crate) is_packed: bool,
    /// The sets hold at this instant, in microseconds.
    pub(crate) advanced_to: i64,
    /// The first instant at which that may be otherwise by time alone.
    pub(crate) next_flip: Option<i64>,
}

const SELECT: &str =
    "SELECT zone, stamp, segments, customers, position, packed_to, laid, laid_to, is_packed, advanced_to,
     next_flip FROM ecrm_segmentation_state WHERE key = 'shop'";

pub(crate) fn load(session: &mut dyn Session) -> Result<Option<State>, StoreError> {
    read(session, SELECT)
}

/// The state, for the one who changes what is shared: others who do wait until the transaction ends. Events do not.
pub(crate) fn lock(session: &mut dyn Session) -> Result<Option<State>, StoreError> {
    let suffix = session.dialect().for_update();
    read(session, &format!("{SELECT}{suffix}"))
}

pub(crate) fn insert(session: &mut dyn Session, state: &State) -> Result<(), StoreError> {
    session.execute(
        "INSERT INTO ecrm_segmentation_state
             (key, zone, stamp, segments, customers, position, packed_to, laid, laid_to, is_packed, advanced_to, next_flip)
         VALUES ('shop', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &values(state),
    )?;
    Ok(())
}

pub(crate) fn save(session: &mut dyn Session, state: &State) -> Result<(), StoreError> {
    session.execute(
        "UPDATE ecrm_segmentation_state SET zone = $1, stamp = $2, segments = $3, customers = $4, position = $5,
             packed_to = $6, laid = $7, laid_to = $8, is_packed = $9, advanced_to = $10, next_flip = $11 WHERE key = 'shop'",
        &values(state),
    )?;
    Ok(())
}

fn values(state: &State) -> [Value<'_>; 11] {
    [
        state.zone.as_str().into(),
        state.stamp.as_str().into(),
        state.segments.into(),
        state.customers.into(),
        state.position.into(),
        Value::or_null(state.packed_to, Type::Uuid),
        state.laid.into(),
        Value::or_null(state.laid_to, Type::Uuid),
        state.is_packed.into(),
        state.advanced_to.into(),
        Value::or_null(state.next_flip, Type::Integer),
    ]
}

fn read(session: &mut dyn Session, sql: &str) -> Result<Option<State>, StoreError> {
    session.query_first(sql, &[], |row| {
        Ok(State {
            zone: row.get(0)?,
            stamp: row.get(1)?,
            segments: row.get(2)?,
            customers: row.get(3)?,
            position: row.get(4)?,
            packed_to: row.get(5)?,
            laid: row.get(6)?,
            laid_to: row.get(7)?,
            is_packed: row.get(8)?,
            advanced_to: row.get(9)?,
            next_flip: row.get(10)?,
        })
    })
}
