//! The packed facts of customers, some of them together.

use std::ops::ControlFlow;

use ecrm_core::CustomerId;
use ecrm_store::{Batch, Session, SessionExt, StoreError};
use uuid::Uuid;

use super::unreadable_facts;
use crate::criteria::Needs;
use crate::facts::Block;

/// So many customers are packed together. More are quicker to evaluate, fewer quicker to take one out of.
pub(crate) const SIZE: u32 = 64;

const IDS: u32 = 0;
const HOT: u32 = 1;
const COLD: u32 = 2;

/// A block as it is stored.
pub(crate) struct Stored {
    pub(crate) block: u32,
    pub(crate) hot: Vec<u8>,
    pub(crate) cold: Option<Vec<u8>>,
}

impl Stored {
    /// What is needed of it, or all.
    pub(crate) fn unpack(&self, needs: Option<&Needs>) -> Result<Block, StoreError> {
        Block::unpack(&self.hot, self.cold.as_deref(), needs).ok_or_else(unreadable_facts)
    }
}

/// The block of a number, and the place in it.
pub(crate) fn place(number: u32) -> (u32, usize) {
    (number / SIZE, (number % SIZE) as usize)
}

/// A block, without its second part where that is not wanted.
pub(crate) fn load(session: &mut dyn Session, block: u32, with_cold: bool) -> Result<Option<Stored>, StoreError> {
    let parts = parts(with_cold);
    let sql = format!("SELECT data FROM ecrm_segmentation_block WHERE block = $1 AND part IN ({parts}) ORDER BY part");
    let parts = session.query_all(&sql, &[block.into()], |row| row.get::<Vec<u8>>(0))?;
    let mut parts = parts.into_iter();
    Ok(parts.next().map(|hot| Stored {
        block,
        hot,
        cold: parts.next(),
    }))
}

/// Hands all blocks to `on_block`, in their order.
pub(crate) fn for_each(
    session: &mut dyn Session,
    with_cold: bool,
    on_block: &mut dyn FnMut(Stored) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let parts = parts(with_cold);
    let sql =
        format!("SELECT block, part, data FROM ecrm_segmentation_block WHERE part IN ({parts}) ORDER BY block, part");
    let mut open: Option<Stored> = None;
    session.query(&sql, &[], &mut |row| {
        let (block, part): (u32, u32) = (row.get(0)?, row.get(1)?);
        match &mut open {
            Some(stored) if part == COLD => stored.cold = Some(row.get(2)?),
            _ => {
                let next = Stored {
                    block,
                    hot: row.get(2)?,
                    cold: None,
                };
                if let Some(stored) = open.replace(next) {
                    on_block(stored)?;
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    open.map_or(Ok(()), on_block)
}

/// Written into the statement, because SQLite plans anew where the bound of a range is another parameter than before.
fn parts(with_cold: bool) -> &'static str {
    if with_cold { "1, 2" } else { "1" }
}

/// The ids of the customers of a block.
pub(crate) fn ids(session: &mut dyn Session, block: u32) -> Result<Vec<CustomerId>, StoreError> {
    let bytes: Option<Vec<u8>> = session.query_first(
        "SELECT data FROM ecrm_segmentation_block WHERE block = $1 AND part = $2",
        &[block.into(), IDS.into()],
        |row| row.get(0),
    )?;
    let bytes = bytes.unwrap_or_default();
    let ids = bytes.chunks_exact(16).filter_map(|id| Uuid::from_slice(id).ok());
    Ok(ids.map(CustomerId::from_uuid).collect())
}

pub(crate) fn save(session: &mut dyn Session, block: u32, content: &Block) -> Result<(), StoreError> {
    save_all(session, &[(block, content)])
}

/// Writes the parts that scans read one behind the other, so that they lie together in the file.
pub(crate) fn save_all(session: &mut dyn Session, blocks: &[(u32, &Block)]) -> Result<(), StoreError> {
    let (mut hot, mut others) = (Batch::new(3), Batch::new(3));
    for (block, content) in blocks {
        let packed = content.pack();
        let ids: Vec<u8> = content.ids.iter().flat_map(|id| id.uuid().into_bytes()).collect();
        hot.push([(*block).into(), HOT.into(), packed.hot.into()])?;
        others.push([(*block).into(), IDS.into(), ids.into()])?;
        others.push([(*block).into(), COLD.into(), packed.cold.into()])?;
    }
    for rows in [hot, others] {
        session.execute_many(
            "INSERT INTO ecrm_segmentation_block (block, part, data) VALUES ($1, $2, $3)
             ON CONFLICT (block, part) DO UPDATE SET data = excluded.data",
            &rows,
        )?;
    }
    Ok(())
}

/// Forgets all blocks.
pub(crate) fn clear(session: &mut dyn Session) -> Result<(), StoreError> {
    session.execute("DELETE FROM ecrm_segmentation_block", &[])?;
    Ok(())
}
