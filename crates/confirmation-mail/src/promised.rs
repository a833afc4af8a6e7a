//! What a mail does to the promises of its recipient: every day told is one, and none is changed in silence.

use chrono::{DateTime, Utc};
use ecrm_core::{IdSource, Promise, PromiseEnd, PromiseId, PromiseOutcome, SubjectId};
use ecrm_store::{Session, promises};

use crate::MailError;
use crate::notice::{Step, Told};
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
        let open = promises::find_open(session, subject, about, what)?;
        let end = |how, at| PromiseEnd {
            at,
            how,
            evidence: Some(mail.key.clone()),
        };
        match (decide(step, open.as_ref(), now)?, open) {
            (Action::Make(due_at), open) => {
                let made = make(subject, about, what, due_at, open.map(|open| open.id()), ids, now)?;
                promises::make(session, &made)?;
            }
            (Action::End(how, at), Some(open)) => promises::finish(session, subject, open.id(), &end(how, at))?,
            (Action::End(..) | Action::Nothing, _) => {}
        }
    }
    Ok(())
}

#[derive(Debug, PartialEq, Eq)]
enum Action {
    /// A new promise, in the place of the open one.
    Make(DateTime<Utc>),
    /// The open promise ends, at an instant.
    End(PromiseOutcome, DateTime<Utc>),
    Nothing,
}

/// The rule, without a database. A later day, or none any more, needs a mail that says so, and says truly what was told before; an
/// earlier one does no harm.
fn decide(step: &Step, open: Option<&Promise>, now: DateTime<Utc>) -> Result<Action, MailError> {
    match (step, open) {
        (Step::Keep { at, .. }, Some(open)) => Ok(Action::End(PromiseOutcome::Kept, (*at).max(open.made_at()))),
        (Step::Release { .. }, _) => Ok(Action::End(PromiseOutcome::Released, now)),
        (
            Step::Tell {
                due_at: Some(due_at), ..
            },
            None,
        ) => Ok(Action::Make(*due_at)),
        (Step::Keep { .. } | Step::Tell { .. }, None) => Ok(Action::Nothing),
        (Step::Tell { due_at, instead_of, .. }, Some(open)) => {
            let is_true = match instead_of {
                Some(Told::DueAt(told)) => *told == open.due_at(),
                Some(Told::Something) => true,
                None => false,
            };
            match due_at {
                Some(due_at) if *due_at == open.due_at() => Ok(Action::Nothing),
                Some(due_at) if is_true || (instead_of.is_none() && *due_at < open.due_at()) => {
                    Ok(Action::Make(*due_at))
                }
                None if is_true => Ok(Action::End(PromiseOutcome::Superseded, now)),
                _ => Err(MailError::PromiseChanged {
                    about: open.about().to_owned(),
                    what: open.what().to_owned(),
                    promised: open.due_at(),
                }),
            }
        }
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
