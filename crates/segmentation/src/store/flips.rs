//! When time alone changes something for whom: lists by the day and by 65,536 numbers. An entry may be out of date; then nothing is found
//! when its time comes.

use std::collections::BTreeMap;

use ecrm_store::{Session, SessionExt, StoreError};

use super::sets::sheet;

const DAY: i64 = 86_400_000_000;
const WIDTH: usize = 12;

/// An instant, in microseconds, and the number of a customer.
pub(crate) type Flip = (i64, u32);

/// Adds entries to the lists.
pub(crate) fn add(session: &mut dyn Session, flips: &[Flip]) -> Result<(), StoreError> {
    let mut lists: BTreeMap<(i64, u32), Vec<Flip>> = BTreeMap::new();
    for (at, number) in flips {
        let list = lists.entry((at.div_euclid(DAY), sheet(*number))).or_default();
        list.push((*at, *number));
    }
    for (key, list) in lists {
        let mut all = load(session, key)?;
        all.extend(list);
        all.sort_unstable();
        all.dedup();
        save(session, key, &all)?;
    }
    Ok(())
}

/// Takes the entries up to an instant, but of the days after the one on which `most` is reached none; and tells up to which instant
/// they are all.
pub(crate) fn take(session: &mut dyn Session, until: i64, most: usize) -> Result<(Vec<Flip>, i64), StoreError> {
    let mut taken = Vec::new();
    loop {
        let Some(day) = first_day(session)? else {
            return Ok((taken, until));
        };
        let begins = day.saturating_mul(DAY);
        if begins > until {
            return Ok((taken, until));
        }
        if taken.len() >= most {
            return Ok((taken, begins - 1));
        }
        let is_over = begins.saturating_add(DAY - 1) <= until;
        let before = taken.len();
        take_day(session, day, until, &mut taken)?;
        if !is_over {
            return Ok((taken, until));
        }
        debug_assert!(taken.len() > before, "a list is not empty");
    }
}

/// The earliest instant in any list.
pub(crate) fn earliest(session: &mut dyn Session) -> Result<Option<i64>, StoreError> {
    let Some(day) = first_day(session)? else {
        return Ok(None);
    };
    session.query_value(
        "SELECT min(earliest) FROM ecrm_segmentation_flips WHERE day = $1",
        &[day.into()],
    )
}

fn first_day(session: &mut dyn Session) -> Result<Option<i64>, StoreError> {
    session.query_first(
        "SELECT day FROM ecrm_segmentation_flips ORDER BY day LIMIT 1",
        &[],
        |row| row.get(0),
    )
}

/// Takes those of a day up to an instant.
fn take_day(session: &mut dyn Session, day: i64, until: i64, taken: &mut Vec<Flip>) -> Result<(), StoreError> {
    let sheets: Vec<u32> = session.query_all(
        "SELECT sheet FROM ecrm_segmentation_flips WHERE day = $1 AND earliest <= $2 ORDER BY sheet",
        &[day.into(), until.into()],
        |row| row.get(0),
    )?;
    for sheet in sheets {
        let (due, rest): (Vec<Flip>, Vec<Flip>) = load(session, (day, sheet))?
            .into_iter()
            .partition(|(at, _)| *at <= until);
        taken.extend(due);
        save(session, (day, sheet), &rest)?;
    }
    Ok(())
}

fn load(session: &mut dyn Session, (day, sheet): (i64, u32)) -> Result<Vec<Flip>, StoreError> {
    let data: Option<Vec<u8>> = session.query_first(
        "SELECT data FROM ecrm_segmentation_flips WHERE day = $1 AND sheet = $2",
        &[day.into(), sheet.into()],
        |row| row.get(0),
    )?;
    let data = data.unwrap_or_default();
    let entry = |entry: &[u8]| {
        let (at, number) = entry.split_first_chunk()?;
        Some((i64::from_le_bytes(*at), u32::from_le_bytes(number.try_into().ok()?)))
    };
    Ok(data.chunks_exact(WIDTH).filter_map(entry).collect())
}

fn save(session: &mut dyn Session, (day, sheet): (i64, u32), flips: &[Flip]) -> Result<(), StoreError> {
    let Some(earliest) = flips.iter().map(|(at, _)| *at).min() else {
        session.execute(
            "DELETE FROM ecrm_segmentation_flips WHERE day = $1 AND sheet = $2",
            &[day.into(), sheet.into()],
        )?;
        return Ok(());
    };
    let mut data = Vec::with_capacity(flips.len() * WIDTH);
    for (at, number) in flips {
        data.extend_from_slice(&at.to_le_bytes());
        data.extend_from_slice(&number.to_le_bytes());
    }
    session.execute(
        "INSERT INTO ecrm_segmentation_flips (day, sheet, earliest, data) VALUES ($1, $2, $3, $4)
         ON CONFLICT (day, sheet) DO UPDATE SET earliest = excluded.earliest, data = excluded.data",
        &[day.into(), sheet.into(), earliest.into(), data.into()],
    )?;
    Ok(())
}
