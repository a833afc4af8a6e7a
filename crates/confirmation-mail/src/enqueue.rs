//! Queues a confirmation inside the order's own transaction.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};
use ecrm_core::{IdSource, Promise, PromiseId};
use ecrm_store::{Permission, Session, SessionExt, external_refs, promises};

use crate::MailError;
use crate::model::{Enqueued, OrderConfirmation, after, check_key};
use crate::render::Mailer;
use crate::store::{self, ASK, NewMail};

/// A confirmation that could not be sent for so long is not sent any more: it would only confuse.
const EXPIRES_AFTER: TimeDelta = TimeDelta::days(7);

/// Renders a confirmation and queues it, both final. It is committed with the host's transaction or not at all; a worker sends it
/// afterwards.
///
/// `key` names the occasion, such as `order:10248:confirmation`: the same key with the same content queues nothing again. Every
/// day that the mail tells is put on record as a promise.
///
/// # Errors
/// [`MailError::KeyReused`] when the key was used for another content, [`MailError::WrongPermission`], or an error of the template
/// or the database. The host's transaction stays usable: what was begun here is undone by a savepoint.
pub fn enqueue(
    session: &mut dyn Session,
    mailer: &Mailer,
    permission: &Permission,
    key: &str,
    notice: OrderConfirmation<'_>,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<Enqueued, MailError> {
    let _span = ecrm_store::span("confirmation_mail", "enqueue");
    check_key(key)?;
    if (permission.purpose(), permission.channel()) != ASK {
        return Err(MailError::WrongPermission);
    }
    let address = permission
        .recipient()
        .contact()
        .email()
        .ok_or(MailError::WrongPermission)?;
    let locale = mailer.locale_for(permission.recipient().contact().locale());
    let digest = external_refs::digest(&(notice.order.content(), address.key()))?;
    if let Some(before) = same_mail(session, key, &digest)? {
        return Ok(before);
    }
    let message_id = mailer.new_message_id(ids, now);
    let rendered = mailer.render(permission.recipient(), locale, notice, now)?;
    let content = rendered.to_mime(&message_id, now)?;
    let mail = NewMail {
        key,
        id: ids.uuid(now),
        subject: permission.recipient().subject(),
        recipient: address,
        notice: "order_confirmation",
        locale,
        digest: &digest,
        message_id: &message_id,
        sender: mailer.sender(),
        content: &content,
        due_at: now,
        expires_at: after(now, EXPIRES_AFTER),
    };
    session.atomically(|session| {
        if !store::insert(session, &mail, now)? {
            // Another transaction has queued it since we looked.
            return same_mail(session, key, &digest)?.ok_or(MailError::KeyReused);
        }
        promise_days(session, mailer, permission, notice, ids, now)?;
        Ok(Enqueued::Now(mail.id))
    })
}

/// The mail that is queued under this key, if its content is the same.
fn same_mail(session: &mut dyn Session, key: &str, digest: &str) -> Result<Option<Enqueued>, MailError> {
    match store::find_digest(session, key)? {
        Some((id, known)) if known == digest => Ok(Some(Enqueued::Before(id))),
        Some(_) => Err(MailError::KeyReused),
        None => Ok(None),
    }
}

/// Every day that the mail tells the customer is a promise.
fn promise_days(
    session: &mut dyn Session,
    mailer: &Mailer,
    permission: &Permission,
    notice: OrderConfirmation<'_>,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<(), MailError> {
    let subject = permission.recipient().subject().id();
    for (number, line) in (1..).zip(notice.order.lines()) {
        if let Some(day) = mailer.day_told(line, now) {
            let about = format!("order:{}/line:{number}", notice.order.number());
            let id = PromiseId::new(ids, now);
            let promise = Promise::new(
                id,
                subject,
                &about,
                "available",
                end_of(day, mailer.utc_offset()),
                now,
                "confirmation_mail",
            )?;
            promises::make(session, &promise)?;
        }
    }
    Ok(())
}

/// A promised day is kept until its end, where the shop is.
fn end_of(day: NaiveDate, offset: FixedOffset) -> DateTime<Utc> {
    let next_day = day
        .checked_add_days(Days::new(1))
        .unwrap_or(day)
        .and_time(NaiveTime::MIN)
        .and_utc();
    next_day - TimeDelta::seconds(i64::from(offset.local_minus_utc())) - TimeDelta::microseconds(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promised_day_ends_at_midnight_where_the_shop_is() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let vienna = FixedOffset::east_opt(3600).unwrap();
        assert_eq!(end_of(day, vienna).to_rfc3339(), "2026-11-22T22:59:59.999999+00:00");
    }
}
