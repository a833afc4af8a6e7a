//! Writes down what became of an attempt.

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_core::{Channel, EnhancedStatus, IdSource, Recipient, Source, SuppressionReason, is_refused_for_now};
use ecrm_store::{Session, SessionExt, suppressions};

use crate::MailError;
use crate::model::{Claimed, MailState, Outcome, Settled, after};
use crate::request::WhenUncertain;
use crate::store::{self, End, RELAY};

/// The pause after the first failed attempt; it doubles with each further one.
const FIRST_PAUSE: TimeDelta = TimeDelta::minutes(1);
/// The longest pause.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(4);

/// An address that a relay has called wrong is left alone for so long; by then it may have been given to somebody else.
pub(crate) const SUPPRESS_FOR: TimeDelta = TimeDelta::days(180);

/// Writes what became of a claimed mail, in a transaction of its own: done, dead, or to be tried again after a pause that
/// doubles with each attempt and is jittered by a fifth, so that a relay that comes back is not overrun. The address of a mail that
/// is refused because there is no such mailbox is suppressed for 180 days.
///
/// # Errors
/// [`MailError::LeaseLost`] when the lease ran out and another worker took the mail; nothing is written then.
pub fn settle(
    session: &mut dyn Session,
    mail: &Claimed,
    outcome: &Outcome,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<Settled, MailError> {
    let _span = ecrm_store::span("confirmation_mail", "settle");
    let settled = decide(mail.attempt, mail.when_uncertain, outcome, jitter(ids), now);
    let reply = outcome.reply();
    let (state, due_at, settled_at) = match settled {
        Settled::Done(state) => (state, now, Some(now)),
        Settled::Again(due_at) => (MailState::Queued, due_at, None),
    };
    let end = End {
        state,
        due_at,
        settled_at,
        uncertain_at: matches!(outcome, Outcome::Uncertain(_)).then_some(now),
        status: reply.status,
        detail: &reply.text,
    };
    session.atomically(|session| {
        if !store::end_attempt(session, mail, &end)? {
            return Err(MailError::LeaseLost);
        }
        match outcome {
            Outcome::Unreachable(_) => store::count_failure(session, RELAY, now)?,
            _ => store::clear_failures(session, RELAY)?,
        }
        let is_condemned =
            reply.status.is_some_and(EnhancedStatus::condemns_address) && !is_refused_for_now(&reply.text);
        if matches!(outcome, Outcome::Permanent(_)) && is_condemned {
            suppress(session, &mail.addressee()?, SuppressionReason::HardBounce, now)?;
        }
        Ok(settled)
    })
}

/// Leaves an address alone.
pub(crate) fn suppress(
    session: &mut dyn Session,
    recipient: &Recipient,
    reason: SuppressionReason,
    now: DateTime<Utc>,
) -> Result<(), MailError> {
    let source = Source::new("confirmation-mail")?;
    // Whoever wants no more advertisements does not want them in half a year.
    let until = (reason != SuppressionReason::Unsubscribed).then(|| after(now, SUPPRESS_FOR));
    Ok(suppressions::add(
        session,
        recipient,
        Channel::Email,
        reason,
        until,
        &source,
        now,
    )?)
}

/// The rule, without a database: what follows from an outcome of the `attempt`-th attempt.
fn decide(attempt: u32, policy: WhenUncertain, outcome: &Outcome, jitter: f64, now: DateTime<Utc>) -> Settled {
    match (outcome, policy) {
        (Outcome::Accepted(_), _) => Settled::Done(MailState::Accepted),
        (Outcome::Permanent(_), _) => Settled::Done(MailState::Dead),
        (Outcome::Uncertain(_), WhenUncertain::Ask) => Settled::Done(MailState::Uncertain),
        (Outcome::Transient(_) | Outcome::Unreachable(_) | Outcome::Uncertain(_), _) => {
            Settled::Again(after(now, pause(attempt, jitter)))
        }
    }
}

/// The pause after the `attempt`-th attempt, between 80 % and 120 % of its length.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a pause is at most five hours of microseconds"
)]
#[expect(
    clippy::cast_precision_loss,
    reason = "a pause is at most five hours of microseconds"
)]
fn pause(attempt: u32, jitter: f64) -> TimeDelta {
    let doubled = FIRST_PAUSE * 2_i32.pow(attempt.saturating_sub(1).min(16));
    let microseconds = doubled.min(LONGEST_PAUSE).num_microseconds().unwrap_or(0) as f64;
    TimeDelta::microseconds((microseconds * (0.8 + 0.4 * jitter)) as i64)
}

/// A number from 0 to 1.
fn jitter(ids: &dyn IdSource) -> f64 {
    let mut byte = [0];
    ids.fill(&mut byte);
    f64::from(byte[0]) / 255.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    #[test]
    fn a_pause_doubles_from_one_minute_up_to_four_hours() {
        let minutes: Vec<_> = (1..=10).map(|attempt| pause(attempt, 0.5).num_minutes()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 240, 240]);
    }

    #[test]
    fn jitter_moves_a_pause_by_a_fifth_at_most() {
        assert_eq!(pause(1, 0.0), TimeDelta::seconds(48));
        assert_eq!(pause(1, 1.0), TimeDelta::seconds(72));
    }

    fn rule(attempt: u32, outcome: &Outcome) -> Settled {
        decide(attempt, WhenUncertain::SendAgain, outcome, 0.5, NOW)
    }

    #[test]
    fn a_permanent_refusal_is_never_tried_again() {
        assert_eq!(
            rule(1, &Outcome::Permanent("550".into())),
            Settled::Done(MailState::Dead)
        );
    }

    #[test]
    fn a_transient_refusal_is_tried_again_for_as_long_as_the_mail_lives() {
        assert_eq!(
            rule(1, &Outcome::Transient("451".into())),
            Settled::Again(NOW + TimeDelta::minutes(1))
        );
        assert!(matches!(
            rule(1000, &Outcome::Transient("451".into())),
            Settled::Again(_)
        ));
        assert!(matches!(
            rule(1, &Outcome::Unreachable("refused".into())),
            Settled::Again(_)
        ));
    }

    #[test]
    fn an_answer_that_was_lost_is_tried_again_unless_the_mail_is_to_be_sent_once_at_most() {
        let lost = Outcome::Uncertain("lost".into());
        assert!(matches!(rule(1, &lost), Settled::Again(_)));
        let asked = decide(1, WhenUncertain::Ask, &lost, 0.5, NOW);
        assert_eq!(asked, Settled::Done(MailState::Uncertain));
    }
}
