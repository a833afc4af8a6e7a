//! Takes what a customer has answered by a link.

use chrono::{DateTime, Utc};
use ecrm_core::{Channel, Code, Consent, ConsentDecision, ConsentState, IdSource, Purpose, Source, Subject};
use ecrm_store::{Session, SessionExt, consents};

use crate::links::{Answer, Choice};
use crate::{MailError, store};

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the first answer holds")]
pub enum Answered {
    /// It was written down now.
    Now,
    /// The same was answered before.
    Before,
    /// Something else was answered before, and that holds. Somebody should talk to the customer.
    Otherwise(Choice),
}

/// Writes down an answer. [`Choice::Unsubscribe`] withdraws the consent for its purpose; the other choices are the shop's to carry out.
///
/// # Errors
/// Those of the database.
pub fn answer(
    session: &mut dyn Session,
    answer: &Answer,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<Answered, MailError> {
    session.atomically(|session| {
        let is_new = store::insert_answer(session, answer, now)? == store::Known::Now;
        // Whoever has agreed again since can still unsubscribe by an old mail.
        if let (Choice::Unsubscribe, Some(purpose)) = (answer.choice, purpose_of(answer)) {
            return withdraw(session, answer, purpose, ids, now);
        }
        if is_new {
            return Ok(Answered::Now);
        }
        let known = store::answers_of(session, answer.subject.id())?;
        let is_same = |given: &GivenAnswer| given.mail == answer.mail && given.about == answer.about;
        Ok(match known.into_iter().find(is_same).map(|given| given.choice) {
            Some(choice) if choice != answer.choice => Answered::Otherwise(choice),
            _ => Answered::Before,
        })
    })
}

/// Withdraws a consent, unless that is how it stands.
fn withdraw(
    session: &mut dyn Session,
    answer: &Answer,
    purpose: Purpose,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<Answered, MailError> {
    let subject = answer.subject.id();
    if consents::state_at(session, subject, purpose, Channel::Email, now, now)? == ConsentState::Withdrawn {
        return Ok(Answered::Before);
    }
    let source = Source::new("unsubscribe-link")?;
    let consent = Consent::new(
        subject,
        purpose,
        Channel::Email,
        ConsentDecision::Withdrawn,
        now,
        source,
    );
    consents::record(session, ids, &consent.with_proof(&answer.mail))?;
    Ok(Answered::Now)
}

/// What somebody has answered by the links of their mails, in its order.
///
/// # Errors
/// Those of the database.
pub fn answers(session: &mut dyn Session, subject: Subject) -> Result<Vec<GivenAnswer>, MailError> {
    Ok(store::answers_of(session, subject.id())?)
}

/// An answer that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GivenAnswer {
    /// The key of the mail that had the link.
    pub mail: String,
    /// About what, such as `order:shop:10248/line:2`.
    pub about: String,
    /// What was chosen.
    pub choice: Choice,
    /// When.
    pub at: DateTime<Utc>,
}

fn purpose_of(answer: &Answer) -> Option<Purpose> {
    Purpose::from_code(answer.about.strip_prefix("purpose:")?).ok()
}
