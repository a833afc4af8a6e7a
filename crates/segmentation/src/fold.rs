//! What customers wrote about themselves becomes part of what is shared: blocks, sets, counts, and lists of flips.

use std::collections::BTreeMap;

use ecrm_store::Session;
use roaring::RoaringBitmap;

use crate::error::SegmentationError;
use crate::facts::{Block, Place, Source};
use crate::loaded::Loaded;
use crate::store::blocks::SIZE;
use crate::store::changed::{self, Changed};
use crate::store::flips::{self, Flip};
use crate::store::state::State;
use crate::store::{blocks, histories, log, numbers, sets, unreadable};

/// Folds the rows of at most so many customers, and tells of how many.
pub(crate) fn fold(
    session: &mut dyn Session,
    state: &mut State,
    loaded: &Loaded,
    limit: u32,
) -> Result<u64, SegmentationError> {
    // What holds at a later instant than the sets, or under other definitions, is not theirs yet.
    let rows = changed::claim(session, state.advanced_to, &loaded.stamp, limit)?;
    let numbered = number(session, state, &rows)?;
    let mut of_blocks: BTreeMap<u32, BTreeMap<usize, &Changed>> = BTreeMap::new();
    for (number, row) in &numbered {
        let (block, index) = blocks::place(*number);
        of_blocks.entry(block).or_default().insert(index, *row);
    }
    for (block, rows) in of_blocks {
        fold_block(session, block, &rows)?;
    }
    let mut moves = Moves::default();
    let mut flips: Vec<Flip> = Vec::new();
    for (number, row) in &numbered {
        log::append(session, &row.news, state.position + 1)?;
        for entry in &row.news {
            state.position += 1;
            if loaded.numbers.contains(&entry.segment) {
                moves.add(entry.segment, *number, entry.is_member);
            }
        }
        flips.extend(row.next_flip.map(|at| (at, *number)));
        changed::remove(session, row.customer)?;
    }
    moves.apply(session)?;
    flips::add(session, &flips)?;
    Ok(rows.len() as u64)
}

/// Who comes into which segment, and who goes: the last word about each counts.
#[derive(Default)]
pub(crate) struct Moves(BTreeMap<u32, (RoaringBitmap, RoaringBitmap)>);

impl Moves {
    pub(crate) fn add(&mut self, segment: u32, number: u32, is_member: bool) {
        let (entered, left) = self.0.entry(segment).or_default();
        let (to, from) = if is_member { (entered, left) } else { (left, entered) };
        to.insert(number);
        from.remove(number);
    }

    pub(crate) fn apply(self, session: &mut dyn Session) -> Result<(), SegmentationError> {
        for (segment, (entered, left)) in self.0 {
            sets::change(session, segment, &entered, &left)?;
        }
        Ok(())
    }
}

/// The numbers of the customers; who has none gets the next one.
fn number<'r>(
    session: &mut dyn Session,
    state: &mut State,
    rows: &'r [Changed],
) -> Result<BTreeMap<u32, &'r Changed>, SegmentationError> {
    let mut numbered = BTreeMap::new();
    for row in rows {
        let number = numbers::find(session, row.customer)?.unwrap_or_else(|| {
            state.customers += 1;
            state.customers - 1
        });
        numbered.insert(number, row);
    }
    Ok(numbered)
}

fn fold_block(
    session: &mut dyn Session,
    block: u32,
    rows: &BTreeMap<usize, &Changed>,
) -> Result<(), SegmentationError> {
    let stored = blocks::load(session, block, true)?;
    let known = stored
        .map(|stored| stored.unpack(None))
        .transpose()?
        .unwrap_or_default();
    let after = rows.keys().next_back().map_or(0, |last| last + 1);
    let mut fresh: BTreeMap<usize, Block> = BTreeMap::new();
    for (index, row) in rows {
        let is_ambiguous = !row.is_whole && later(&known, *index, row).is_none_or(Source::collides);
        if is_ambiguous {
            let facts = histories::facts(session, row.customer)?.ok_or(SegmentationError::UnknownCustomer)?;
            fresh.insert(*index, facts);
        }
    }
    let source = |index: usize| -> Option<Source<'_>> {
        let alone = |block| Source::of(Place { block, index: 0 }, None);
        match (fresh.get(&index), rows.get(&index)) {
            (Some(block), _) => Some(alone(block)),
            (None, Some(row)) if row.is_whole => Some(alone(&row.facts)),
            (None, Some(row)) => later(&known, index, row),
            (None, None) => (index < known.ids.len()).then(|| Source::of(Place { block: &known, index }, None)),
        }
    };
    let sources: Option<Vec<Source<'_>>> = (0..known.ids.len().max(after)).map(source).collect();
    let sources = sources.ok_or_else(|| unreadable("a block with a gap"))?;
    blocks::save(session, block, &Block::assemble(&sources))?;
    let of_customer = |index: &usize| {
        let number = block * SIZE + u32::try_from(*index).unwrap_or(SIZE);
        (number, Block::assemble(&sources[*index..=*index]))
    };
    let of_customers: Vec<(u32, Block)> = rows.keys().map(of_customer).collect();
    numbers::save(session, &of_customers)?;
    Ok(())
}

/// A customer of a block, and the events behind it.
fn later<'b>(known: &'b Block, index: usize, row: &'b Changed) -> Option<Source<'b>> {
    let base = Place { block: known, index };
    let later = Place {
        block: &row.facts,
        index: 0,
    };
    (index < known.ids.len()).then(|| Source::of(base, Some(later)))
}
