//! The story of mail that comes in at the address for bounces: reports settle the mails that they are about, all else is handed back.

use chrono::{DateTime, Utc};
use ecrm_confirmation_mail::{EventKind, Heard, MailError, MailEvent};
use ecrm_core::{IdSource, Source};
use ecrm_message::{AutoReplyCause, Kind, Limits, Message, MessageError, Report, ReportKind, ReportedRecipient};
use ecrm_store::Session;

use crate::mail_reports::take_event;

/// What a mail that came in was.
#[derive(Debug)]
#[non_exhaustive]
pub enum Inbound {
    /// A person wrote it: somebody should read it.
    Ordinary(Box<Message>),
    /// A program wrote it: it needs no answer, and must not get one.
    Automatic(AutoReplyCause),
    /// A report. Our mail that it is about is settled; there is none where it is about somebody else's.
    Reported(Option<Box<Heard>>),
}

/// Why a mail that came in was not taken. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InboundError {
    /// It cannot be read.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The mail module, or the database.
    #[error(transparent)]
    Mail(#[from] MailError),
}

/// Reads a mail that came in and, if it is a report, settles what it is about, in the host's transaction. A report is believed when it
/// names the Message-ID of a mail of ours: nobody but its recipient and those who carried it can know that.
///
/// # Errors
/// [`InboundError`].
pub fn take(
    session: &mut dyn Session,
    mail: &[u8],
    limits: &Limits,
    source: &Source,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<Inbound, InboundError> {
    let message = Message::parse_within(mail, limits)?;
    let report = match message.classify() {
        Kind::Report(report) => report,
        Kind::AutoReply(cause) => return Ok(Inbound::Automatic(cause)),
        _ => return Ok(Inbound::Ordinary(Box::new(message))),
    };
    match event(&report, now) {
        Some(event) => Ok(Inbound::Reported(
            take_event(session, &event, source, ids, now)?.map(Box::new),
        )),
        None => Ok(Inbound::Reported(None)),
    }
}

/// What a report says of the mail that it names. Our mails have one recipient each.
fn event(report: &Report, now: DateTime<Utc>) -> Option<MailEvent> {
    let recipient = report.recipients.first()?;
    Some(MailEvent {
        message_id: report.original.message_id()?.to_owned(),
        kind: kind(report, recipient)?,
        // A report cannot tell of what is to come.
        at: report.reported_at.map_or(now, |at| at.min(now)),
        status: recipient.status.filter(|_| recipient.is_status_from_mail),
        detail: recipient.diagnostic.chars().take(1000).collect(),
    })
}

fn kind(report: &Report, recipient: &ReportedRecipient) -> Option<EventKind> {
    match report.kind {
        ReportKind::Bounce if recipient.is_hard => Some(EventKind::BouncedHard),
        ReportKind::Bounce => Some(EventKind::BouncedSoft),
        ReportKind::Delayed => Some(EventKind::Delayed),
        // Handing on is not arriving.
        ReportKind::Delivered if recipient.is_relayed => Some(EventKind::Accepted),
        ReportKind::Delivered => Some(EventKind::Delivered),
        ReportKind::Complaint if report.feedback_type.as_deref() == Some("opt-out") => Some(EventKind::Unsubscribed),
        ReportKind::Complaint => Some(EventKind::Complained),
        _ => None,
    }
}
