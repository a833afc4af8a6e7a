use chrono::{DateTime, Utc};
use ecrm_core::{Channel, Code, ConsentDecision, EmailAddress, PostalAddress, Purpose};
use serde::Serialize;

use super::{NoticeKind, Page, Write};
use crate::MailError;

/// An account was made.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct AccountCreated<'a> {
    /// The mailbox by which the customer signs in.
    pub mailbox: &'a EmailAddress,
    /// The page on which to sign in.
    pub sign_in_url: Option<&'a str>,
}

impl Write for AccountCreated<'_> {
    const KIND: NoticeKind = NoticeKind::AccountCreated;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        page.text("intro")?;
        page.facts([("mailbox", Some(self.mailbox.as_str().to_owned()))])?;
        match self.sign_in_url {
            Some(url) => page.button("button_sign_in", url, "primary"),
            None => Ok(()),
        }
    }
}

/// An address of the customer was changed. Send it to the mailbox that held before as well, so that nobody loses an account unseen.
#[derive(Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct AddressChanged<'a> {
    /// What was changed.
    pub address: ChangedAddress<'a>,
    /// When.
    pub changed_at: DateTime<Utc>,
}

/// An address, before and after.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a customer has these addresses")]
pub enum ChangedAddress<'a> {
    /// The postal address.
    Postal {
        /// The one until now, if there was one.
        before: Option<&'a PostalAddress>,
        /// The new one.
        after: &'a PostalAddress,
    },
    /// The mailbox.
    Mailbox {
        /// The one until now, if there was one.
        before: Option<&'a EmailAddress>,
        /// The new one.
        after: &'a EmailAddress,
    },
}

impl Write for AddressChanged<'_> {
    const KIND: NoticeKind = NoticeKind::AddressChanged;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        let (before, after) = match self.address {
            ChangedAddress::Postal { before, after } => (before.map(on_lines), on_lines(after)),
            ChangedAddress::Mailbox { before, after } => {
                (before.map(|it| it.as_str().to_owned()), after.as_str().to_owned())
            }
        };
        page.text("intro")?;
        let changed = page.moment(self.changed_at);
        page.facts([
            ("old_address", before),
            ("new_address", Some(after)),
            ("changed_on", Some(changed)),
        ])?;
        page.text("not_you")
    }
}

/// A consent was given, denied or withdrawn.
#[derive(Debug, Clone, Copy, Serialize)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a typed input: a new field must be given by every caller"
)]
pub struct ConsentChanged {
    /// For what.
    pub purpose: Purpose,
    /// Over which channel.
    pub channel: Channel,
    /// What was decided.
    pub decision: ConsentDecision,
    /// When.
    pub changed_at: DateTime<Utc>,
}

impl Write for ConsentChanged {
    const KIND: NoticeKind = NoticeKind::ConsentChanged;

    fn write(&self, page: &mut Page<'_>) -> Result<(), MailError> {
        page.text("intro")?;
        let word = |group: &str, code: &str| page.common(&format!("{group}_{code}"));
        let (purpose, channel) = (
            word("purpose", self.purpose.code())?,
            word("channel", self.channel.code())?,
        );
        let decision = word("decision", self.decision.code())?;
        let changed = page.moment(self.changed_at);
        page.facts([
            ("purpose", Some(purpose)),
            ("channel", Some(channel)),
            ("decision", Some(decision)),
            ("changed_on", Some(changed)),
        ])?;
        page.text("not_you")
    }
}

fn on_lines(address: &PostalAddress) -> String {
    let place = [address.postal_code(), Some(address.locality())]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let mut lines: Vec<&str> = address.lines().iter().map(String::as_str).collect();
    lines.push(&place);
    lines.extend(address.region());
    lines.push(address.country().name());
    lines.join("\n")
}
