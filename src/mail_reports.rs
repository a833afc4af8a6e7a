//! The story of what becomes of a mail after it was sent: a bounce, a complaint, or a provider's report settles it, closes the address
//! where that follows, and stands on the timeline of whom it was for.

use chrono::{DateTime, Utc};
use ecrm_confirmation_mail::{EventKind, Heard, MailError, MailEvent, hear};
use ecrm_core::{Activity, ActivityId, Channel, Code, Contact, Direction, Event, ExternalRef, IdSource, Source};
use ecrm_store::{Session, SessionExt, activities};

/// The system under which the key of a mail stands on a timeline.
pub const MAIL: &str = "mail";

/// Takes what was heard of a mail, in the host's transaction. The same report once more changes nothing. Nothing is returned for a mail
/// that is not ours.
///
/// # Errors
/// Those of the mail module and of the database.
pub fn take_event(
    session: &mut dyn Session,
    event: &MailEvent,
    source: &Source,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<Option<Heard>, MailError> {
    session.atomically(|session| {
        let heard = hear(session, event, now)?;
        if let Some(heard) = heard.as_ref().filter(|heard| heard.is_news && is_told(event.kind)) {
            let reference = ExternalRef::new(MAIL, &heard.mail.key)?;
            let topic = format!("{}: {}", heard.mail.notice, event.kind.code());
            let contact = Contact::new(Channel::Email, Direction::Inbound)
                .about(topic)
                .with_reference(reference);
            let id = ActivityId::new(ids, now);
            let activity = Activity::new(
                id,
                heard.mail.subject,
                event.at,
                now,
                source.clone(),
                Event::Contact(contact),
            );
            activities::append(session, &activity)?;
        }
        Ok(heard)
    })
}

/// What stands on the timeline: what tells something about the customer's reach. That a relay took a mail does not.
fn is_told(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Accepted | EventKind::Opened)
}
