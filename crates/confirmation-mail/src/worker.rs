//! A loop over claim, send and settle, for hosts that can block.

use std::ops::ControlFlow;

use chrono::TimeDelta;
use ecrm_core::{Clock, IdSource};
use ecrm_store::UnitOfWork;

use crate::claim::{claim_of, release};
use crate::transport::Transport;
use crate::{Claimed, Lane, MailError, MailState, Outcome, Pace, Priority, Settled, settle};

/// Sends what is due, one round at a time; the host decides when a round is run. It holds no thread and no connection.
///
/// Every claim and every settlement is a transaction of its own, made by the host's [`UnitOfWork`]; sending happens between them.
#[derive(Debug, Clone)]
pub struct Worker {
    batch: u32,
    lease: TimeDelta,
    pace: Pace,
}

/// What a round has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkerReport {
    /// Mails that the transport has taken.
    pub accepted: u64,
    /// Mails that were given back, or whose lease ran out before they were settled: they are claimed again.
    pub lost: u64,
    /// Mails that will be tried again.
    pub again: u64,
    /// Mails that are done and were not taken: dead, or set aside as uncertain.
    pub dead: u64,
    /// Mails of an earlier attempt with an unknown end.
    pub uncertain: u64,
}

impl Default for Worker {
    /// Claims 32 mails at a time, for five minutes, without limits.
    fn default() -> Self {
        Self {
            batch: 32,
            lease: TimeDelta::minutes(5),
            pace: Pace::unlimited(),
        }
    }
}

impl Worker {
    /// The worker with another size of a claim. What is claimed when the process dies is sent once more.
    #[must_use]
    pub fn with_batch(mut self, batch: u32) -> Self {
        self.batch = batch.max(1);
        self
    }

    /// The worker with another lease. It must be longer than sending a batch takes.
    #[must_use]
    pub fn with_lease(mut self, lease: TimeDelta) -> Self {
        self.lease = lease;
        self
    }

    /// The worker with the shop's limits.
    #[must_use]
    pub fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// Sends everything that is due now, until nothing is, and tells `on_mail` of each. Once `on_mail` has answered
    /// [`ControlFlow::Break`] no further batch is claimed; the one in hand is finished. A relay that is not there ends the round.
    ///
    /// # Errors
    /// Those of the database. What was sent and not settled is sent again after its lease, marked uncertain.
    pub fn run_once(
        &self,
        database: &mut dyn UnitOfWork,
        transport: &mut dyn Transport,
        clock: &dyn Clock,
        ids: &dyn IdSource,
        on_mail: &mut dyn FnMut(&Outcome) -> ControlFlow<()>,
    ) -> Result<WorkerReport, MailError> {
        let mut report = WorkerReport::default();
        // What somebody waits for goes out of all lanes first. Lanes take turns at being the first one.
        for priorities in [&[Priority::High, Priority::Normal][..], &[Priority::Low]] {
            for lane in Lane::all_from(clock.now()) {
                loop {
                    let mails = self.claim(database, lane, priorities, clock)?;
                    if mails.is_empty() {
                        break;
                    }
                    if self
                        .send(database, mails, transport, clock, ids, on_mail, &mut report)?
                        .is_break()
                    {
                        return Ok(report);
                    }
                }
            }
        }
        Ok(report)
    }

    /// Sends and settles a batch, to its end.
    #[expect(clippy::too_many_arguments, reason = "what the host has given for the round")]
    fn send(
        &self,
        database: &mut dyn UnitOfWork,
        mails: Vec<Claimed>,
        transport: &mut dyn Transport,
        clock: &dyn Clock,
        ids: &dyn IdSource,
        on_mail: &mut dyn FnMut(&Outcome) -> ControlFlow<()>,
        report: &mut WorkerReport,
    ) -> Result<ControlFlow<()>, MailError> {
        let (mut flow, mut is_there) = (ControlFlow::Continue(()), true);
        for mail in mails {
            // What was not begun is given back: a relay that is slow or down makes no mail uncertain.
            if !is_there || clock.now() >= mail.lease_until {
                report.lost += 1;
                database.run(&mut |session| Ok(release(session, &mail, clock.now()).map(drop)?))?;
                continue;
            }
            report.uncertain += u64::from(mail.is_uncertain);
            let outcome = transport.deliver(&mail);
            is_there = !matches!(outcome, Outcome::Unreachable(_));
            match self.settle(database, &mail, &outcome, clock, ids) {
                Err(MailError::LeaseLost) => report.lost += 1,
                settled => report.count(settled?),
            }
            if on_mail(&outcome).is_break() || !is_there {
                flow = ControlFlow::Break(());
            }
        }
        Ok(flow)
    }

    fn claim(
        &self,
        database: &mut dyn UnitOfWork,
        lane: Lane,
        priorities: &[Priority],
        clock: &dyn Clock,
    ) -> Result<Vec<Claimed>, MailError> {
        let mut result = Ok(Vec::new());
        database.run(&mut |session| {
            result = claim_of(
                session,
                lane,
                priorities,
                self.batch,
                self.lease,
                &self.pace,
                clock.now(),
            );
            store_error(&result)
        })?;
        result
    }

    fn settle(
        &self,
        database: &mut dyn UnitOfWork,
        mail: &Claimed,
        outcome: &Outcome,
        clock: &dyn Clock,
        ids: &dyn IdSource,
    ) -> Result<Settled, MailError> {
        let mut result = Err(MailError::LeaseLost);
        database.run(&mut |session| {
            result = settle(session, mail, outcome, ids, clock.now());
            store_error(&result)
        })?;
        result
    }
}

/// What the host's unit of work must know: whether to commit, or to repeat.
fn store_error<T>(result: &Result<T, MailError>) -> Result<(), ecrm_store::StoreError> {
    match result {
        Err(MailError::Store(error)) => Err(error.clone()),
        _ => Ok(()),
    }
}

impl WorkerReport {
    fn count(&mut self, settled: Settled) {
        match settled {
            Settled::Done(MailState::Accepted) => self.accepted += 1,
            Settled::Done(_) => self.dead += 1,
            Settled::Again(_) => self.again += 1,
        }
    }
}
