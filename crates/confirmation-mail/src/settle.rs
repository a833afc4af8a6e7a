//! Writes down what became of an attempt.

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_core::IdSource;
use ecrm_store::Session;

use crate::MailError;
use crate::model::{Claimed, MailState, Outcome, Settled, after};
use crate::store::{self, End};

/// The pause after the first failed attempt; it doubles with each further one.
const FIRST_PAUSE: TimeDelta = TimeDelta::minutes(1);
/// The longest pause.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(4);

/// Writes what became of a claimed mail, in a transaction of its own: done, dead, or to be tried again after a pause that
/// doubles with each attempt and is jittered by a fifth, so that a relay that comes back is not overrun.
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
    let (settled, detail) = decide(mail.attempt, outcome, jitter(ids), now);
    let uncertain_at = matches!(outcome, Outcome::Uncertain(_)).then_some(now);
    let end = match settled {
        Settled::Done(state) => End {
            state,
            due_at: now,
            settled_at: Some(now),
            uncertain_at,
            detail,
        },
        Settled::Again(due_at) => End {
            state: MailState::Queued,
            due_at,
            settled_at: None,
            uncertain_at,
            detail,
        },
    };
    if store::end_attempt(session, mail, &end)? {
        Ok(settled)
    } else {
        Err(MailError::LeaseLost)
    }
}

/// The rule, without a database: what follows from an outcome of the `attempt`-th attempt.
fn decide(attempt: u32, outcome: &Outcome, jitter: f64, now: DateTime<Utc>) -> (Settled, &str) {
    match outcome {
        Outcome::Accepted(detail) => (Settled::Done(MailState::Accepted), detail),
        Outcome::Permanent(detail) => (Settled::Done(MailState::Dead), detail),
        Outcome::Transient(detail) | Outcome::Uncertain(detail) => {
            (Settled::Again(after(now, pause(attempt, jitter))), detail)
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

    #[test]
    fn a_permanent_refusal_is_never_tried_again() {
        let outcome = Outcome::Permanent("550".to_owned());
        assert_eq!(decide(1, &outcome, 0.5, NOW), (Settled::Done(MailState::Dead), "550"));
    }

    #[test]
    fn a_transient_refusal_is_tried_again_for_as_long_as_the_mail_lives() {
        let outcome = Outcome::Transient("451".to_owned());
        assert_eq!(
            decide(1, &outcome, 0.5, NOW).0,
            Settled::Again(NOW + TimeDelta::minutes(1))
        );
        assert!(matches!(decide(1000, &outcome, 0.5, NOW).0, Settled::Again(_)));
    }

    #[test]
    fn an_answer_that_was_lost_is_tried_again() {
        let outcome = Outcome::Uncertain("lost".to_owned());
        assert!(matches!(decide(1, &outcome, 0.5, NOW).0, Settled::Again(_)));
    }
}
