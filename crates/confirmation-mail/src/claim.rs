//! Takes due mails for sending.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_core::Channel;
use ecrm_store::{Session, may_contact};

use crate::MailError;
use crate::model::{Claimed, Lane, MailState, Priority, WhenUncertain, after};
use crate::pace::{Pace, Rate};
use crate::store::{self, Due, RELAY, TOTAL};

/// After so many attempts with an unknown end somebody has to look at a mail: each may have reached the customer.
const MOST_UNCERTAIN: u32 = 12;

/// Takes up to `limit` mails of a lane that are due, until `lease` has passed. Commit, then send each, then
/// [`settle`](crate::settle) each in a transaction of its own.
///
/// Mails of a higher priority come first, then those that have waited longest. A mail whose lease has run out is taken again and
/// marked uncertain, or set aside, as it was queued: a worker died with it, perhaps after sending. It keeps its Message-ID. Mails that
/// are too old expire here, and whether the recipient may be contacted is asked once more.
///
/// # Errors
/// Those of the database.
pub fn claim(
    session: &mut dyn Session,
    lane: Lane,
    limit: u32,
    lease: TimeDelta,
    pace: &Pace,
    now: DateTime<Utc>,
) -> Result<Vec<Claimed>, MailError> {
    let _span = ecrm_store::span("confirmation_mail", "claim");
    let mut limits = Limits::of(session, pace, limit, now)?;
    let mut claimed = Vec::new();
    for priority in Priority::ALL {
        loop {
            let room = limits.room(claimed.len());
            let due = if room == 0 {
                Vec::new()
            } else {
                store::due(session, lane, priority, room, now)?
            };
            if due.is_empty() {
                break;
            }
            limits.lock_domains(session, &due)?;
            for mail in due {
                if let Some(mail) = one(session, mail, &mut limits, after(now, lease))? {
                    claimed.push(mail);
                }
            }
        }
    }
    limits.save(session)?;
    Ok(claimed)
}

/// Ends all leases at once and returns how many there were: for a host that knows, when it starts, that no other worker runs. The
/// mails are due now, and uncertain when they are claimed.
///
/// # Errors
/// Those of the database.
pub fn take_over(session: &mut dyn Session, now: DateTime<Utc>) -> Result<u64, MailError> {
    Ok(store::end_leases(session, now)?)
}

/// Decides about one due mail: it is dropped, put off, or taken.
fn one(
    session: &mut dyn Session,
    mut due: Due,
    limits: &mut Limits<'_>,
    lease_until: DateTime<Utc>,
) -> Result<Option<Claimed>, MailError> {
    let now = limits.now;
    if due.state == MailState::Leased {
        due.claimed.is_uncertain = true;
        due.uncertain_times = due.uncertain_times.saturating_add(1);
    }
    if let Some((state, why)) = reason_to_drop(session, &due, now)? {
        store::drop_unsent(session, &due.claimed, state, &why, now)?;
        return Ok(None);
    }
    if let Some(later) = limits.reason_to_wait(&due) {
        store::put_off(session, &due, later, now)?;
        return Ok(None);
    }
    let mut mail = due.claimed;
    mail.attempt = mail.attempt.saturating_add(1);
    mail.lease_until = lease_until;
    store::lease(session, &mail, due.uncertain_times, now)?;
    mail.content = store::content(session, mail.lane, &mail.key)?;
    Ok(Some(mail))
}

/// Why a mail is not sent after all: it is too old, nobody knows whether it was sent, or the recipient may no longer be contacted.
fn reason_to_drop(
    session: &mut dyn Session,
    mail: &Due,
    now: DateTime<Utc>,
) -> Result<Option<(MailState, String)>, MailError> {
    if mail.claimed.is_uncertain && mail.claimed.when_uncertain == WhenUncertain::Ask && mail.state == MailState::Leased
    {
        let why = "a worker died with it, and it is to be sent once at most".to_owned();
        return Ok(Some((MailState::Uncertain, why)));
    }
    if mail.expires_at <= now {
        return Ok(Some((MailState::Expired, "too old to be sent".to_owned())));
    }
    if mail.uncertain_times > MOST_UNCERTAIN {
        return Ok(Some((
            MailState::Uncertain,
            "too many attempts with an unknown end".to_owned(),
        )));
    }
    let recipient = match mail.claimed.addressee() {
        Ok(recipient) => recipient,
        // One row that was changed by hand must not block those behind it.
        Err(error) => return Ok(Some((MailState::Dead, error.to_string()))),
    };
    let answer = may_contact(session, &recipient, mail.purpose, Channel::Email, now)?;
    Ok(answer.err().map(|refusal| (MailState::Refused, refusal.to_string())))
}

/// What the shop's pace leaves of a claim. What is used up is locked first and saved last, in one order for all workers.
struct Limits<'p> {
    pace: &'p Pace,
    now: DateTime<Utc>,
    most: usize,
    total: Option<(Rate, DateTime<Utc>)>,
    is_used_up: bool,
    domains: BTreeMap<String, DateTime<Utc>>,
}

impl<'p> Limits<'p> {
    fn of(session: &mut dyn Session, pace: &'p Pace, limit: u32, now: DateTime<Utc>) -> Result<Self, MailError> {
        let mut most = usize::try_from(limit).unwrap_or(usize::MAX);
        if let Some(breaker) = pace.breaker
            && let Some((failed_at, failures)) = store::failures(session, RELAY)?
            && failures >= breaker.failures
        {
            // While the relay rests nothing is claimed; afterwards one mail finds out whether it is back.
            most = usize::from(now >= after(failed_at, breaker.pause));
        }
        let total = match pace.total {
            Some(rate) if most > 0 => Some((rate, store::lock_pace(session, TOTAL)?)),
            _ => None,
        };
        Ok(Self {
            pace,
            now,
            most,
            total,
            is_used_up: false,
            domains: BTreeMap::new(),
        })
    }

    fn room(&self, claimed: usize) -> u32 {
        if self.is_used_up {
            0
        } else {
            u32::try_from(self.most.saturating_sub(claimed)).unwrap_or(u32::MAX)
        }
    }

    fn lock_domains(&mut self, session: &mut dyn Session, due: &[Due]) -> Result<(), MailError> {
        if self.pace.per_domain.is_none() {
            return Ok(());
        }
        let mut wanted: Vec<String> = due
            .iter()
            .map(Due::domain)
            .filter(|domain| !self.domains.contains_key(domain))
            .collect();
        wanted.sort();
        wanted.dedup();
        for domain in wanted {
            let free_at = store::lock_pace(session, &domain)?;
            self.domains.insert(domain, free_at);
        }
        Ok(())
    }

    /// Until when a mail has to wait, if it has. A mail that need not has its share of the limits.
    fn reason_to_wait(&mut self, due: &Due) -> Option<DateTime<Utc>> {
        if let Some(end) = self
            .pace
            .quiet
            .filter(|_| due.keeps_quiet_hours)
            .and_then(|hours| hours.end(self.now))
        {
            return Some(end);
        }
        let domain = due.domain();
        let share = match (self.pace.per_domain, self.domains.get(&domain)) {
            (Some(rate), Some(free_at)) => match rate.admit(*free_at, self.now) {
                Ok(next) => Some(next),
                Err(later) => return Some(later),
            },
            _ => None,
        };
        if let Some((rate, free_at)) = &mut self.total {
            match rate.admit(*free_at, self.now) {
                Ok(next) => *free_at = next,
                Err(later) => {
                    self.is_used_up = true;
                    return Some(later);
                }
            }
        }
        if let Some(next) = share {
            self.domains.insert(domain, next);
        }
        None
    }

    fn save(self, session: &mut dyn Session) -> Result<(), MailError> {
        if let Some((_, free_at)) = self.total {
            store::save_pace(session, TOTAL, free_at)?;
        }
        for (domain, free_at) in self.domains {
            store::save_pace(session, &domain, free_at)?;
        }
        Ok(())
    }
}
