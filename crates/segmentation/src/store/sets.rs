//! The members of segments, as sets of customer numbers: a row for each segment and 65,536 numbers.

use std::ops::ControlFlow;

use ecrm_store::{Session, SessionExt, StoreError};
use roaring::RoaringBitmap;

use super::unreadable;

/// The row in which a number stands.
pub(crate) fn sheet(number: u32) -> u32 {
    number >> 16
}

/// Stands for a segment of those who were erased: their numbers are not given again.
pub(crate) const ERASED: u32 = u32::MAX;

/// All members that are folded.
pub(crate) fn load(session: &mut dyn Session, segment: u32) -> Result<RoaringBitmap, StoreError> {
    load_from(session, segment, 0)
}

/// Those from a sheet on.
pub(crate) fn load_from(session: &mut dyn Session, segment: u32, sheet: u32) -> Result<RoaringBitmap, StoreError> {
    let mut all = RoaringBitmap::new();
    session.query(
        "SELECT data FROM ecrm_segmentation_members WHERE segment = $1 AND sheet >= $2",
        &[segment.into(), sheet.into()],
        &mut |row| {
            all |= from_bytes(&row.get::<Vec<u8>>(0)?)?;
            Ok(ControlFlow::Continue(()))
        },
    )?;
    Ok(all)
}

/// The members of one sheet.
pub(crate) fn load_sheet(session: &mut dyn Session, segment: u32, sheet: u32) -> Result<RoaringBitmap, StoreError> {
    let data: Option<Vec<u8>> = session.query_first(
        "SELECT data FROM ecrm_segmentation_members WHERE segment = $1 AND sheet = $2",
        &[segment.into(), sheet.into()],
        |row| row.get(0),
    )?;
    data.map_or(Ok(RoaringBitmap::new()), |data| from_bytes(&data))
}

/// Takes some out of a segment, puts others in, and counts its members anew.
pub(crate) fn change(
    session: &mut dyn Session,
    segment: u32,
    entered: &RoaringBitmap,
    left: &RoaringBitmap,
) -> Result<(), StoreError> {
    let mut members = 0_i64;
    for sheet in sheets(&(entered | left)) {
        let before = load_sheet(session, segment, sheet)?;
        let after = (&before - &part(left, sheet)) | part(entered, sheet);
        members += signed(after.len()) - signed(before.len());
        save_sheet(session, segment, sheet, &after)?;
    }
    session.execute(
        "UPDATE ecrm_segmentation_segment SET members = members + $2 WHERE segment = $1",
        &[segment.into(), members.into()],
    )?;
    Ok(())
}

/// Replaces all members.
pub(crate) fn replace(session: &mut dyn Session, segment: u32, members: &RoaringBitmap) -> Result<(), StoreError> {
    remove(session, segment)?;
    for sheet in sheets(members) {
        save_sheet(session, segment, sheet, &part(members, sheet))?;
    }
    session.execute(
        "UPDATE ecrm_segmentation_segment SET members = $2 WHERE segment = $1",
        &[segment.into(), signed(members.len()).into()],
    )?;
    Ok(())
}

pub(crate) fn remove(session: &mut dyn Session, segment: u32) -> Result<(), StoreError> {
    session.execute(
        "DELETE FROM ecrm_segmentation_members WHERE segment = $1",
        &[segment.into()],
    )?;
    Ok(())
}

/// The sheets in which any of some numbers stands.
pub(crate) fn sheets(numbers: &RoaringBitmap) -> Vec<u32> {
    let mut sheets = Vec::new();
    let mut next = numbers.min();
    while let Some(number) = next {
        sheets.push(sheet(number));
        next = (number | 0xFFFF)
            .checked_add(1)
            .and_then(|from| numbers.range(from..).next());
    }
    sheets
}

/// Those of some numbers that stand in a sheet.
pub(crate) fn part(numbers: &RoaringBitmap, sheet: u32) -> RoaringBitmap {
    let mut whole = RoaringBitmap::new();
    whole.insert_range(sheet << 16..=(sheet << 16 | 0xFFFF));
    whole & numbers
}

/// In the published format of Roaring bitmaps.
pub(crate) fn to_bytes(numbers: &RoaringBitmap) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(numbers.serialized_size());
    // Writing to memory does not fail.
    let _ = numbers.serialize_into(&mut bytes);
    bytes
}

pub(crate) fn from_bytes(bytes: &[u8]) -> Result<RoaringBitmap, StoreError> {
    RoaringBitmap::deserialize_from(bytes).map_err(|_| unreadable("a set of members"))
}

fn save_sheet(session: &mut dyn Session, segment: u32, sheet: u32, members: &RoaringBitmap) -> Result<(), StoreError> {
    session.execute(
        "INSERT INTO ecrm_segmentation_members (segment, sheet, data) VALUES ($1, $2, $3)
         ON CONFLICT (segment, sheet) DO UPDATE SET data = excluded.data",
        &[segment.into(), sheet.into(), to_bytes(members).into()],
    )?;
    Ok(())
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
