//! Who came in and who went when a definition was replaced by its next version.

use ecrm_store::{Session, SessionExt, StoreError};
use roaring::RoaringBitmap;

use super::sets::{from_bytes, part, sheets, to_bytes};

pub(crate) fn save(
    session: &mut dyn Session,
    (segment, version): (u32, u32),
    entered: &RoaringBitmap,
    left: &RoaringBitmap,
) -> Result<(), StoreError> {
    for sheet in sheets(&(entered | left)) {
        session.execute(
            "INSERT INTO ecrm_segmentation_difference (segment, version, sheet, entered, left_set)
             VALUES ($1, $2, $3, $4, $5)",
            &[
                segment.into(),
                version.into(),
                sheet.into(),
                to_bytes(&part(entered, sheet)).into(),
                to_bytes(&part(left, sheet)).into(),
            ],
        )?;
    }
    Ok(())
}

/// Who came in, and who went.
pub(crate) fn load(
    session: &mut dyn Session,
    (segment, version): (u32, u32),
) -> Result<(RoaringBitmap, RoaringBitmap), StoreError> {
    let rows: Vec<(Vec<u8>, Vec<u8>)> = session.query_all(
        "SELECT entered, left_set FROM ecrm_segmentation_difference WHERE segment = $1 AND version = $2",
        &[segment.into(), version.into()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let mut both = (RoaringBitmap::new(), RoaringBitmap::new());
    for (entered, left) in rows {
        both.0 |= from_bytes(&entered)?;
        both.1 |= from_bytes(&left)?;
    }
    Ok(both)
}
