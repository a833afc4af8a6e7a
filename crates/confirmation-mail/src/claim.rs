//! Takes due mails for sending.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_core::Channel;
use ecrm_store::{Session, may_contact};

use crate::MailError;
use crate::model::{Claimed, Lane, MailState, after};
use crate::pace::Pace;
use crate::request::{Priority, WhenUncertain};
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
    claim_of(session, lane, &Priority::ALL, limit, lease, pace, now)
}

/// [`claim`] of some priorities only.
pub(crate) fn claim_of(
    session: &mut dyn Session,
    lane: Lane,
    priorities: &[Priority],
    limit: u32,
    lease: TimeDelta,
    pace: &Pace,
    now: DateTime<Utc>,
) -> Result<Vec<Claimed>, MailError> {
    let _span = ecrm_store::span("confirmation_mail", "claim");
    let mut limits = Limits::of(session, pace, limit, now)?;
    let mut claimed = Vec::new();
    for &priority in priorities {
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
            for mail in due {
                // A mail that is to be sent once at most is claimed alone: what dies with others in hand leaves it uncertain.
                let is_alone = mail.claimed.when_uncertain == WhenUncertain::Ask;
                if is_alone && !claimed.is_empty() {
                    limits.is_used_up = true;
                    break;
                }
                if let Some(mail) = one(session, mail, &mut limits, after(now, lease))? {
                    claimed.push(mail);
                    limits.is_used_up |= is_alone;
                }
                if limits.is_used_up {
                    break;
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

/// Gives back a mail that was claimed and not begun, because its lease is over or the relay is not there: it is due again, and neither
/// tried nor uncertain. Tells whether it was still this worker's.
///
/// # Errors
/// Those of the database.
pub fn release(session: &mut dyn Session, mail: &Claimed, now: DateTime<Utc>) -> Result<bool, MailError> {
    Ok(store::release(session, mail, now)?)
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
    if let Some(later) = limits.reason_to_wait(session, &due)? {
        store::put_off(session, &due, later, now)?;
        return Ok(None);
    }
    let Some(content) = store::content(session, due.claimed.lane, &due.claimed.key)? else {
        store::drop_unsent(session, &due.claimed, MailState::Dead, "its content is gone", now)?;
        return Ok(None);
    };
    let mut mail = due.claimed;
    mail.attempt = mail.attempt.saturating_add(1);
    mail.lease_until = lease_until;
    store::lease(session, &mail, due.uncertain_times, now)?;
    mail.content = content;
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
        let state = if mail.claimed.is_uncertain {
            MailState::Uncertain
        } else {
            MailState::Expired
        };
        return Ok(Some((state, "too old to be sent".to_owned())));
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

/// What the shop's pace leaves of a claim. Workers that keep a rate claim one after the other: they share the row of the total.
struct Limits<'p> {
    pace: &'p Pace,
    now: DateTime<Utc>,
    most: usize,
    /// A claim puts off no more mails than this: a backlog is not rewritten at once.
    may_put_off: usize,
    free_at: DateTime<Utc>,
    is_used_up: bool,
    domains: BTreeMap<String, Domain>,
}

/// What is left for a domain: when its next mail is free to leave, and how many of its mails were put off behind that one.
struct Domain {
    free_at: DateTime<Utc>,
    put_off: i32,
}

impl<'p> Limits<'p> {
    fn of(session: &mut dyn Session, pace: &'p Pace, limit: u32, now: DateTime<Utc>) -> Result<Self, MailError> {
        let mut most = usize::try_from(limit).unwrap_or(usize::MAX);
        if let Some(breaker) = pace.breaker
            && let Some((failed_at, failures)) = store::failures(session, RELAY)?
            && failures >= breaker.failures
        {
            // While the relay rests nothing is claimed; afterwards one mail finds out whether it is back.
            // A failure that is further ahead than a pause was written by a clock that was wrong.
            let rests = now < after(failed_at, breaker.pause) && failed_at <= after(now, breaker.pause);
            most = usize::from(!rests);
        }
        let has_rate = pace.total.is_some() || pace.per_domain.is_some();
        let free_at = if has_rate && most > 0 {
            store::lock_pace(session, TOTAL)?
        } else {
            now
        };
        let may_put_off = most.saturating_mul(4);
        Ok(Self {
            pace,
            now,
            most,
            may_put_off,
            free_at,
            is_used_up: false,
            domains: BTreeMap::new(),
        })
    }

    fn room(&self, claimed: usize) -> u32 {
        if self.is_used_up || self.may_put_off == 0 {
            0
        } else {
            u32::try_from(self.most.saturating_sub(claimed)).unwrap_or(u32::MAX)
        }
    }

    /// Until when a mail has to wait, if it has. A mail that need not has its share of the limits.
    fn reason_to_wait(&mut self, session: &mut dyn Session, due: &Due) -> Result<Option<DateTime<Utc>>, MailError> {
        let quiet = self.pace.quiet.filter(|_| due.keeps_quiet_hours);
        let wait = match quiet.and_then(|hours| hours.end(self.now)) {
            Some(end) => Some(end),
            None => self.rate_to_wait_for(session, due)?,
        };
        self.may_put_off = self.may_put_off.saturating_sub(usize::from(wait.is_some()));
        Ok(wait)
    }

    fn rate_to_wait_for(&mut self, session: &mut dyn Session, due: &Due) -> Result<Option<DateTime<Utc>>, MailError> {
        let name = due.domain();
        let mut share = None;
        if let Some(rate) = self.pace.per_domain {
            if !self.domains.contains_key(&name) {
                let free_at = store::pace(session, &name)?.unwrap_or(DateTime::UNIX_EPOCH);
                self.domains.insert(name.clone(), Domain { free_at, put_off: 0 });
            }
            if let Some(domain) = self.domains.get_mut(&name) {
                match rate.admit(domain.free_at, self.now) {
                    Ok(next) => share = Some(next),
                    // Each gets a beat of its own, so that they do not all come back at once.
                    Err(earliest) => {
                        let later = rate.beats_after(earliest, domain.put_off);
                        domain.put_off = domain.put_off.saturating_add(1);
                        return Ok(Some(later));
                    }
                }
            }
        }
        if let Some(rate) = self.pace.total {
            match rate.admit(self.free_at, self.now) {
                Ok(next) => self.free_at = next,
                Err(later) => {
                    self.is_used_up = true;
                    return Ok(Some(later));
                }
            }
        }
        if let (Some(next), Some(domain)) = (share, self.domains.get_mut(&name)) {
            domain.free_at = next;
        }
        Ok(None)
    }

    fn save(self, session: &mut dyn Session) -> Result<(), MailError> {
        if self.pace.total.is_some() && self.most > 0 {
            store::save_pace(session, TOTAL, self.free_at)?;
        }
        if !self.domains.is_empty() {
            store::forget_idle_domains(session, self.now)?;
        }
        for (name, domain) in self.domains {
            store::save_pace(session, &name, domain.free_at)?;
        }
        Ok(())
    }
}
