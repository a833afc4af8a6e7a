//! What a mail does to the promises of its recipient: every day told is one, and none is changed in silence.

use chrono::{DateTime, Utc};
use ecrm_core::{IdSource, Promise, PromiseEnd, PromiseId, PromiseOutcome, SubjectId, ValueError};
use ecrm_store::{Session, promises};
use uuid::Uuid;

use crate::MailError;
use crate::notice::{Step, Told, When};
use crate::request::ComposedMail;

const MODULE: &str = "confirmation_mail";

/// Takes all steps of a mail that is being queued.
pub(crate) fn take(
    session: &mut dyn Session,
    mail: &ComposedMail,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<(), MailError> {
    let subject = mail.recipient.subject().id();
    for step in &mail.steps {
        let (about, what) = step.promise();
        let news = news_of(what);
        let open = promises::open_about(session, subject, about)?;
        let find = |what: &str| open.iter().find(|open| open.what() == what);
        let actions = [
            (what, find(what), decide(step, find(what), now)?),
            (&news, find(&news), decide_news(step, find(&news))),
        ];
        for (what, open, action) in actions {
            match (action, open) {
                (Action::Make(due_at), open) => {
                    let made = make(subject, about, what, due_at, open.map(Promise::id), ids, now)?;
                    promises::make(session, &made)?;
                }
                (Action::End(how, at), Some(open)) => {
                    let end = PromiseEnd {
                        at: at.unwrap_or(now).max(open.made_at()),
                        how,
                        evidence: Some(mail.key.clone()),
                    };
                    promises::finish(session, subject, open.id(), &end)?;
                }
                (Action::End(..) | Action::Nothing, _) => {}
            }
        }
    }
    Ok(())
}

/// Refuses what could not be put on record, while the order's transaction is not begun.
pub(crate) fn check(steps: &[Step]) -> Result<(), ValueError> {
    let (id, subject) = (PromiseId::from_uuid(Uuid::nil()), SubjectId::from_uuid(Uuid::nil()));
    let at = DateTime::UNIX_EPOCH;
    steps.iter().try_for_each(|step| {
        let (about, what) = step.promise();
        Promise::new(id, subject, about, what, at, at, MODULE).map(drop)
    })
}

/// The promise to write again about something whose day is not known.
fn news_of(what: &str) -> String {
    format!("news of {what}")
}

#[derive(Debug, PartialEq, Eq)]
enum Action {
    /// A new promise, in the place of the open one.
    Make(DateTime<Utc>),
    /// The open promise ends, at an instant or now.
    End(PromiseOutcome, Option<DateTime<Utc>>),
    Nothing,
}

/// The rule, without a database. A later day, or none any more, needs a mail that says so, and says truly what was told before; an
/// earlier one does no harm.
fn decide(step: &Step, open: Option<&Promise>, now: DateTime<Utc>) -> Result<Action, MailError> {
    let Some(open) = open else {
        return Ok(match step {
            Step::Tell {
                when: When::DueAt(due_at),
                ..
            } => Action::Make(*due_at),
            _ => Action::Nothing,
        });
    };
    let (when, instead_of) = match step {
        Step::Keep { at, .. } => return Ok(Action::End(PromiseOutcome::Kept, Some((*at).min(now)))),
        Step::Release { .. } => return Ok(Action::End(PromiseOutcome::Released, None)),
        Step::Tell { when, instead_of, .. } => (*when, *instead_of),
    };
    let (replaces, is_true) = match instead_of {
        Some(Told::DueAt(told)) => (true, told == open.due_at()),
        Some(Told::Something) => (true, true),
        Some(Told::Nothing) | None => (false, false),
    };
    match when {
        When::DueAt(due_at) if due_at == open.due_at() => Ok(Action::Nothing),
        When::DueAt(due_at) if is_true || (!replaces && due_at < open.due_at()) => Ok(Action::Make(due_at)),
        When::NewsBy(_) if is_true => Ok(Action::End(PromiseOutcome::Superseded, None)),
        _ => Err(MailError::PromiseChanged {
            about: open.about().to_owned(),
            what: open.what().to_owned(),
            promised: open.due_at(),
        }),
    }
}

/// What becomes of the promise to write again: a day, or the end of waiting, is the news. That nothing is known, said once more beside
/// other things, gives no more time; said in a notice of its own, it does.
fn decide_news(step: &Step, open: Option<&Promise>) -> Action {
    match step {
        Step::Tell {
            when: When::NewsBy(by),
            instead_of,
            ..
        } if open.is_none() || instead_of.is_some() => Action::Make(*by),
        Step::Tell {
            when: When::NewsBy(_), ..
        } => Action::Nothing,
        Step::Tell { .. } | Step::Keep { .. } => Action::End(PromiseOutcome::Kept, None),
        Step::Release { .. } => Action::End(PromiseOutcome::Released, None),
    }
}

fn make(
    subject: SubjectId,
    about: &str,
    what: &str,
    due_at: DateTime<Utc>,
    earlier: Option<PromiseId>,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<Promise, MailError> {
    let promise = Promise::new(PromiseId::new(ids, now), subject, about, what, due_at, now, MODULE)?;
    Ok(match earlier {
        Some(earlier) => promise.superseding(earlier),
        None => promise,
    })
}
