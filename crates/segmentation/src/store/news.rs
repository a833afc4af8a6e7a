//! What brought a customer in or out, as an event writes it: briefly, so that its row stays within a page of the database.

use std::borrow::Cow;

use chrono::DateTime;
use ecrm_core::CustomerId;
use ecrm_store::StoreError;

use super::log::Entry;
use super::unreadable;
use crate::model::{Because, Cause, Reason};

/// When it was recorded, in microseconds, what the cause was, and what it did.
type Told<'n> = (i64, Cow<'n, Cause>, Vec<Move<'n>>);
/// The segment, whether the customer is in it now, since when, and what decided it.
type Move<'n> = (u32, bool, i64, Vec<Decided<'n>>);
/// A criterion, whether it is true now, and its values before and now.
type Decided<'n> = (Cow<'n, str>, bool, Option<Cow<'n, str>>, Option<Cow<'n, str>>);

/// What was recorded together and of one cause stands together.
pub(super) fn to_text(news: &[Entry]) -> Result<String, StoreError> {
    let told = news.chunk_by(|one, next| one.recorded_at == next.recorded_at && one.reason.cause == next.reason.cause);
    let told = told.filter_map(|together| {
        let first = together.first()?;
        let cause = Cow::Borrowed(&first.reason.cause);
        Some((
            first.recorded_at.timestamp_micros(),
            cause,
            together.iter().map(of_entry).collect(),
        ))
    });
    serde_json::to_string(&told.collect::<Vec<Told<'_>>>()).map_err(|_| unreadable("a reason"))
}

pub(super) fn from_text(customer: CustomerId, text: &str) -> Result<Vec<Entry>, StoreError> {
    let told: Vec<Told<'_>> = serde_json::from_str(text).map_err(|_| unreadable("a reason"))?;
    let mut news = Vec::new();
    for (recorded_at, cause, moves) in told {
        for (segment, is_member, at, because) in moves {
            news.push(Entry {
                customer,
                segment,
                is_member,
                at: instant(at)?,
                recorded_at: instant(recorded_at)?,
                reason: Reason {
                    cause: cause.clone().into_owned(),
                    because: because.into_iter().map(because_of).collect(),
                },
            });
        }
    }
    Ok(news)
}

fn of_entry(entry: &Entry) -> Move<'_> {
    let decided = entry.reason.because.iter().map(|because| {
        let (was, is) = (because.was.as_deref(), because.is.as_deref());
        let criterion = Cow::Borrowed(because.criterion.as_str());
        (
            criterion,
            because.is_true,
            was.map(Cow::Borrowed),
            is.map(Cow::Borrowed),
        )
    });
    (
        entry.segment,
        entry.is_member,
        entry.at.timestamp_micros(),
        decided.collect(),
    )
}

fn because_of((criterion, is_true, was, is): Decided<'_>) -> Because {
    Because {
        criterion: criterion.into_owned(),
        is_true,
        was: was.map(Cow::into_owned),
        is: is.map(Cow::into_owned),
    }
}

fn instant(micros: i64) -> Result<DateTime<chrono::Utc>, StoreError> {
    DateTime::from_timestamp_micros(micros).ok_or_else(|| unreadable("an instant"))
}
