//! Customers about whom something happened that is not yet in their block. Such a row hides the customer's place there.

use ecrm_core::CustomerId;
use ecrm_store::{Session, SessionExt, StoreError, Type, Value};

use super::log::Entry;
use super::{news, unreadable_facts};
use crate::facts::Block;

/// What an event writes about its own customer.
#[derive(Debug, Clone)]
pub(crate) struct Changed {
    pub(crate) customer: CustomerId,
    /// The definitions with which the customer was last looked at.
    pub(crate) stamp: String,
    /// The members hold at this instant, in microseconds.
    pub(crate) evaluated_at: i64,
    pub(crate) next_flip: Option<i64>,
    /// The segments of the customer, by number.
    pub(crate) members: Vec<u32>,
    /// Where the shared sets have the customer otherwise: into which segments to put him, and out of which, in its order.
    pub(crate) moves: Vec<(u32, bool)>,
    /// What brought the customer there since he was last folded, in its order.
    pub(crate) news: Vec<Entry>,
    /// Whether the facts are all there are; otherwise the events behind those of the block.
    pub(crate) is_whole: bool,
    pub(crate) facts: Block,
}

const COLUMNS: &str = "customer_id, stamp, evaluated_at, next_flip, members, moves, news, is_whole, hot, cold";

/// What readers need of a row.
#[derive(Debug, Clone)]
pub(crate) struct Glance {
    pub(crate) customer: CustomerId,
    pub(crate) stamp: String,
    pub(crate) next_flip: Option<i64>,
    /// Into which segments the customer came, and out of which, in its order.
    pub(crate) moves: Vec<(u32, bool)>,
}

impl Glance {
    /// Whether the customer is in a segment now, if that is not what the set says.
    pub(crate) fn move_in(&self, segment: u32) -> Option<bool> {
        let mut moves = self.moves.iter().filter(|(of, _)| *of == segment);
        let first = moves.next()?.1;
        let last = moves.next_back().map_or(first, |last| last.1);
        // Who came in and went again is where the set has him.
        (first == last).then_some(last)
    }
}

/// All rows, as far as readers need them.
pub(crate) fn glance(session: &mut dyn Session) -> Result<Vec<Glance>, StoreError> {
    session.query_all(
        "SELECT customer_id, stamp, next_flip, moves FROM ecrm_segmentation_changed ORDER BY customer_id",
        &[],
        |row| {
            Ok(Glance {
                customer: row.get(0)?,
                stamp: row.get(1)?,
                next_flip: row.get(2)?,
                moves: moves_from(&row.get::<Vec<u8>>(3)?),
            })
        },
    )
}

pub(crate) fn load(session: &mut dyn Session, customer: CustomerId) -> Result<Option<Changed>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM ecrm_segmentation_changed WHERE customer_id = $1");
    session.query_first(&sql, &[customer.into()], read)
}

/// The same, locked: it is not folded meanwhile. Where it is being folded, this waits until it is gone.
pub(crate) fn lock(session: &mut dyn Session, customer: CustomerId) -> Result<Option<Changed>, StoreError> {
    let suffix = session.dialect().for_update();
    let sql = format!("SELECT {COLUMNS} FROM ecrm_segmentation_changed WHERE customer_id = $1{suffix}");
    session.query_first(&sql, &[customer.into()], read)
}

pub(crate) fn is_any(session: &mut dyn Session, customer: CustomerId) -> Result<bool, StoreError> {
    session.query_value(
        "SELECT EXISTS (SELECT 1 FROM ecrm_segmentation_changed WHERE customer_id = $1)",
        &[customer.into()],
    )
}

/// Some of those that hold at an instant under these definitions, and nobody else gets them until the transaction ends.
pub(crate) fn claim(
    session: &mut dyn Session,
    until: i64,
    stamp: &str,
    limit: u32,
) -> Result<Vec<Changed>, StoreError> {
    let claim = session.dialect().claim();
    let sql = format!(
        "SELECT {COLUMNS} FROM ecrm_segmentation_changed WHERE evaluated_at <= $1 AND stamp = $2
         ORDER BY customer_id LIMIT $3{claim}"
    );
    session.query_all(&sql, &[until.into(), stamp.into(), limit.into()], read)
}

/// Those to whom time does something up to an instant, or who were looked at with other definitions.
pub(crate) fn due(session: &mut dyn Session, until: i64, stamp: &str) -> Result<Vec<CustomerId>, StoreError> {
    session.query_all(
        "SELECT customer_id FROM ecrm_segmentation_changed WHERE next_flip <= $1 OR stamp <> $2 ORDER BY customer_id",
        &[until.into(), stamp.into()],
        |row| row.get(0),
    )
}

/// The customers, by their ids.
pub(crate) fn customers(session: &mut dyn Session) -> Result<Vec<CustomerId>, StoreError> {
    session.query_all(
        "SELECT customer_id FROM ecrm_segmentation_changed ORDER BY customer_id",
        &[],
        |row| row.get(0),
    )
}

pub(crate) fn save(session: &mut dyn Session, row: &Changed) -> Result<(), StoreError> {
    let packed = row.facts.pack();
    let members: Vec<u8> = row.members.iter().flat_map(|segment| segment.to_le_bytes()).collect();
    let of_move = |(segment, is_member): &(u32, bool)| segment.to_le_bytes().into_iter().chain([u8::from(*is_member)]);
    let moves: Vec<u8> = row.moves.iter().flat_map(of_move).collect();
    session.execute(
        "INSERT INTO ecrm_segmentation_changed
             (customer_id, stamp, evaluated_at, next_flip, members, moves, news, is_whole, hot, cold)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (customer_id) DO UPDATE SET stamp = excluded.stamp, evaluated_at = excluded.evaluated_at,
             next_flip = excluded.next_flip, members = excluded.members, moves = excluded.moves, news = excluded.news,
             is_whole = excluded.is_whole, hot = excluded.hot, cold = excluded.cold",
        &[
            row.customer.into(),
            row.stamp.as_str().into(),
            row.evaluated_at.into(),
            Value::or_null(row.next_flip, Type::Integer),
            members.into(),
            moves.into(),
            Value::json(news::to_text(&row.news)?),
            row.is_whole.into(),
            packed.hot.into(),
            packed.cold.into(),
        ],
    )?;
    Ok(())
}

/// Writes the facts of a row anew, all there are.
pub(crate) fn replace_facts(session: &mut dyn Session, customer: CustomerId, facts: &Block) -> Result<(), StoreError> {
    let packed = facts.pack();
    session.execute(
        "UPDATE ecrm_segmentation_changed SET is_whole = $2, hot = $3, cold = $4 WHERE customer_id = $1",
        &[customer.into(), true.into(), packed.hot.into(), packed.cold.into()],
    )?;
    Ok(())
}

pub(crate) fn remove(session: &mut dyn Session, customer: CustomerId) -> Result<(), StoreError> {
    session.execute(
        "DELETE FROM ecrm_segmentation_changed WHERE customer_id = $1",
        &[customer.into()],
    )?;
    Ok(())
}

/// Forgets all rows.
pub(crate) fn clear(session: &mut dyn Session) -> Result<(), StoreError> {
    session.execute("DELETE FROM ecrm_segmentation_changed", &[])?;
    Ok(())
}

fn moves_from(bytes: &[u8]) -> Vec<(u32, bool)> {
    let moves = bytes.chunks_exact(5).filter_map(|one| {
        let (segment, is_member) = one.split_first_chunk()?;
        Some((u32::from_le_bytes(*segment), is_member == [1]))
    });
    moves.collect()
}

fn read(row: &ecrm_store::Row<'_>) -> Result<Changed, StoreError> {
    let members: Vec<u8> = row.get(4)?;
    let (hot, cold): (Vec<u8>, Vec<u8>) = (row.get(8)?, row.get(9)?);
    let facts = Block::unpack(&hot, Some(&cold), None).filter(|facts| facts.ids.len() == 1);
    let customer = row.get(0)?;
    Ok(Changed {
        customer,
        stamp: row.get(1)?,
        evaluated_at: row.get(2)?,
        next_flip: row.get(3)?,
        members: members
            .chunks_exact(4)
            .filter_map(|number| Some(u32::from_le_bytes(number.try_into().ok()?)))
            .collect(),
        moves: moves_from(&row.get::<Vec<u8>>(5)?),
        news: news::from_text(customer, &row.json(6)?)?,
        is_whole: row.get(7)?,
        facts: facts.ok_or_else(unreadable_facts)?,
    })
}
