//! Rows of an asynchronous driver, handed over one by one.

use std::ops::ControlFlow;

use ecrm_store::{Columns, Row, StoreError};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use crate::error::store_error;
use ecrm_store::blocking::Blocking;

/// How many rows are taken over from the driver at once, if so many have arrived.
const CHUNK: usize = 256;

/// Hands over rows until they end or `on_row` stops, with the memory of one chunk.
pub(crate) fn hand_over<R, C: Columns>(
    blocking: &Blocking,
    rows: BoxStream<'_, Result<R, sqlx::Error>>,
    columns: impl Fn(R) -> C,
    on_row: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
) -> Result<(), StoreError> {
    let mut chunks = rows.ready_chunks(CHUNK);
    while let Some(chunk) = blocking.wait(chunks.next())? {
        for row in chunk {
            let columns = columns(row.map_err(store_error)?);
            if on_row(&Row::new(&columns))?.is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}
