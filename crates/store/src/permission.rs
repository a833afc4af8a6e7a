//! The one question that every sender and every exporter must ask.

use chrono::{DateTime, Utc};
use ecrm_core::{Channel, Purpose, Recipient, Refusal};

use crate::{Session, StoreError, consents, suppressions};

/// Leave to contact one recipient for one purpose over one channel. Only [`may_contact`] makes it, after it has asked the ledger
/// and the suppressed addresses; whatever sends or exports demands it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    recipient: Recipient,
    purpose: Purpose,
    channel: Channel,
    asked_at: DateTime<Utc>,
}

impl Permission {
    /// Who may be contacted.
    #[must_use]
    pub fn recipient(&self) -> &Recipient {
        &self.recipient
    }

    /// For which purpose.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Over which channel.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// When the question was asked. It is asked again when a message is sent.
    #[must_use]
    pub fn asked_at(&self) -> DateTime<Utc> {
        self.asked_at
    }
}

/// May this recipient be contacted for this purpose over this channel now? The answer is a [`Permission`] or the reason why not;
/// the rule itself is [`ecrm_core::may_contact`].
///
/// Needs the table group [`CONSENT`](crate::CONSENT).
///
/// # Errors
/// Those of the database. A refusal is no error: it is the inner result.
pub fn may_contact(
    session: &mut dyn Session,
    recipient: &Recipient,
    purpose: Purpose,
    channel: Channel,
    now: DateTime<Utc>,
) -> Result<Result<Permission, Refusal>, StoreError> {
    if channel.needs_address() && recipient.address_key(channel).is_none() {
        return Ok(Err(Refusal::NoAddress));
    }
    let suppressed = suppressions::active(session, recipient, channel, now)?;
    let state = consents::state_at(session, recipient.subject().id(), purpose, channel, now, now)?;
    Ok(ecrm_core::may_contact(purpose, state, suppressed).map(|()| Permission {
        recipient: recipient.clone(),
        purpose,
        channel,
        asked_at: now,
    }))
}
