//! The three steps of a mail: claim and commit, send, settle and commit.

use chrono::TimeDelta;
use ecrm::confirmation_mail::transport::{Maildir, Transport};
use ecrm::confirmation_mail::{Lane, Pace, claim, settle};
use ecrm::core::{Clock, SystemClock, SystemIds};

use crate::{Failure, Shop};

/// How many mails are claimed at once.
const BATCH: u32 = 32;

/// For how long: longer than sending a batch takes.
const LEASE: TimeDelta = TimeDelta::minutes(5);

impl Shop {
    /// Delivers the mails that are due, and returns how many. The shop decides when: after an order, or every few seconds.
    ///
    /// # Errors
    /// What was sent and could not be settled is sent again after its lease, under the same Message-ID.
    pub async fn deliver(&self, mut maildir: Maildir) -> Result<u64, Failure> {
        let mut delivered = 0;
        for lane in Lane::all() {
            loop {
                let due = self.in_transaction(move |session| {
                    claim(session, lane, BATCH, LEASE, &Pace::unlimited(), SystemClock.now())
                });
                let mails = due.await?;
                if mails.is_empty() {
                    break;
                }
                // Outside of any transaction, and away from the threads that answer requests, because a Maildir waits for the
                // disk. A relay that is spoken to asynchronously is awaited here instead.
                let sent;
                (maildir, sent) = tokio::task::spawn_blocking(move || {
                    let sent = mails
                        .into_iter()
                        .map(|mail| (maildir.deliver(&mail), mail))
                        .collect::<Vec<_>>();
                    (maildir, sent)
                })
                .await?;
                for (outcome, mail) in sent {
                    self.in_transaction(move |session| settle(session, &mail, &outcome, &SystemIds, SystemClock.now()))
                        .await?;
                    delivered += 1;
                }
            }
        }
        Ok(delivered)
    }
}
