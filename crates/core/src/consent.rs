//! Consent, suppression, and the decision whether somebody may be contacted.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Channel, Code, Source, SubjectId, ValueError, to_microseconds};

/// Why somebody is contacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Purpose {
    /// What the contract needs: confirmations, delays, invoices (GDPR article 6 (1) b). No consent is asked for.
    Contract,
    /// What a law demands, such as the acknowledgement of a withdrawal (article 6 (1) c). Only a dead mailbox stops it.
    Legal,
    /// Advertising. Only with consent.
    Marketing,
    /// Profiles for recommendations. Only with consent.
    Personalisation,
    /// Surveys and review requests. Only with consent.
    Research,
    /// Answers to what the customer asked. Allowed until the customer objects.
    Service,
    /// Passing data on to a partner. Only with consent.
    Sharing,
}

impl Code for Purpose {
    const WHAT: &'static str = "purpose";
    const ALL: &'static [Self] = &[
        Self::Contract,
        Self::Legal,
        Self::Marketing,
        Self::Personalisation,
        Self::Research,
        Self::Service,
        Self::Sharing,
    ];

    fn code(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Legal => "legal",
            Self::Marketing => "marketing",
            Self::Personalisation => "personalisation",
            Self::Research => "research",
            Self::Service => "service",
            Self::Sharing => "sharing",
        }
    }
}

/// One entry of the consent ledger: what somebody said about a purpose and a channel, and how that can be proven.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ConsentParts")]
pub struct Consent {
    subject: SubjectId,
    purpose: Purpose,
    channel: Channel,
    decision: ConsentDecision,
    valid_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<DateTime<Utc>>,
    source: Source,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text_version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    proof: Option<String>,
}

#[derive(Deserialize)]
struct ConsentParts {
    subject: SubjectId,
    purpose: Purpose,
    channel: Channel,
    decision: ConsentDecision,
    valid_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    source: Source,
    text_version: Option<String>,
    proof: Option<String>,
}

impl Consent {
    /// A decision that holds from `now` on.
    #[must_use]
    pub fn new(
        subject: SubjectId,
        purpose: Purpose,
        channel: Channel,
        decision: ConsentDecision,
        now: DateTime<Utc>,
        source: Source,
    ) -> Self {
        let now = to_microseconds(now);
        Self {
            subject,
            purpose,
            channel,
            decision,
            valid_at: now,
            recorded_at: now,
            expires_at: None,
            source,
            text_version: None,
            proof: None,
        }
    }

    /// The decision, made earlier (or for later) than it was recorded.
    ///
    /// # Errors
    /// When it would end before it begins.
    pub fn valid_from(mut self, instant: DateTime<Utc>) -> Result<Self, ValueError> {
        self.valid_at = to_microseconds(instant);
        self.checked()
    }

    /// The decision with an end.
    ///
    /// # Errors
    /// When it would end before it begins.
    pub fn until(mut self, instant: DateTime<Utc>) -> Result<Self, ValueError> {
        self.expires_at = Some(to_microseconds(instant));
        self.checked()
    }

    fn checked(self) -> Result<Self, ValueError> {
        if self.expires_at.is_some_and(|end| end <= self.valid_at) {
            return Err(ValueError::new("consent", "ends before it begins"));
        }
        Ok(self)
    }

    /// The decision with the version of the text that was agreed to.
    #[must_use]
    pub fn to_text(mut self, version: impl Into<String>) -> Self {
        self.text_version = Some(version.into());
        self
    }

    /// The decision with its proof: the confirmation's token, the recording, the form.
    #[must_use]
    pub fn with_proof(mut self, proof: impl Into<String>) -> Self {
        self.proof = Some(proof.into());
        self
    }

    /// Who decided.
    #[must_use]
    pub fn subject(&self) -> SubjectId {
        self.subject
    }

    /// For which purpose.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// For which channel.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// What was decided.
    #[must_use]
    pub fn decision(&self) -> ConsentDecision {
        self.decision
    }

    /// From when on it holds.
    #[must_use]
    pub fn valid_at(&self) -> DateTime<Utc> {
        self.valid_at
    }

    /// When the shop learnt it.
    #[must_use]
    pub fn recorded_at(&self) -> DateTime<Utc> {
        self.recorded_at
    }

    /// When it ends, if it does.
    #[must_use]
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }

    /// From where the shop knows it.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The version of the text that was agreed to.
    #[must_use]
    pub fn text_version(&self) -> Option<&str> {
        self.text_version.as_deref()
    }

    /// The proof.
    #[must_use]
    pub fn proof(&self) -> Option<&str> {
        self.proof.as_deref()
    }

    /// What it says at an instant at which it is the latest entry.
    #[must_use]
    pub fn state_at(&self, now: DateTime<Utc>) -> ConsentState {
        self.decision.state_at(self.expires_at, now)
    }
}

impl TryFrom<ConsentParts> for Consent {
    type Error = ValueError;

    fn try_from(parts: ConsentParts) -> Result<Self, ValueError> {
        let ConsentParts {
            subject,
            purpose,
            channel,
            decision,
            recorded_at,
            source,
            ..
        } = parts;
        let mut consent =
            Self::new(subject, purpose, channel, decision, recorded_at, source).valid_from(parts.valid_at)?;
        if let Some(end) = parts.expires_at {
            consent = consent.until(end)?;
        }
        consent.text_version = parts.text_version;
        consent.proof = parts.proof;
        Ok(consent)
    }
}

impl fmt::Debug for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (purpose, channel) = (self.purpose.code(), self.channel.code());
        write!(f, "Consent({purpose} by {channel}: {:?})", self.decision)
    }
}

/// What somebody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "yes, no, and no longer")]
pub enum ConsentDecision {
    /// No, when asked.
    Denied,
    /// Yes.
    Granted,
    /// No longer.
    Withdrawn,
}

impl ConsentDecision {
    /// Where somebody stands at an instant who has decided so, until an instant if the decision ends.
    ///
    /// ```
    /// use chrono::DateTime;
    /// use ecrm_core::{ConsentDecision, ConsentState};
    /// let now = DateTime::UNIX_EPOCH;
    /// assert_eq!(ConsentDecision::Granted.state_at(None, now), ConsentState::Granted);
    /// assert_eq!(ConsentDecision::Granted.state_at(Some(now), now), ConsentState::Expired);
    /// ```
    #[must_use]
    pub fn state_at(self, expires_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> ConsentState {
        match self {
            Self::Granted if expires_at.is_some_and(|end| end <= now) => ConsentState::Expired,
            Self::Granted => ConsentState::Granted,
            Self::Denied => ConsentState::Denied,
            Self::Withdrawn => ConsentState::Withdrawn,
        }
    }
}

impl Code for ConsentDecision {
    const WHAT: &'static str = "decision";
    const ALL: &'static [Self] = &[Self::Denied, Self::Granted, Self::Withdrawn];

    fn code(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Granted => "granted",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Where somebody stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "every state must be decided on wherever somebody is contacted"
)]
pub enum ConsentState {
    /// Said no.
    Denied,
    /// Said yes, for a time that is over.
    Expired,
    /// Said yes.
    Granted,
    /// Said nothing.
    Unknown,
    /// Said yes, and then no longer.
    Withdrawn,
}

/// Why an address must not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SuppressionReason {
    /// The receiver called it spam.
    Complaint,
    /// It does not exist.
    HardBounce,
    /// Somebody in the shop said so.
    Manual,
    /// The receiver unsubscribed from advertising.
    Unsubscribed,
}

impl SuppressionReason {
    /// Whether it stops messages of a purpose.
    #[must_use]
    pub fn stops(self, purpose: Purpose) -> bool {
        match self {
            Self::Unsubscribed => !matches!(purpose, Purpose::Contract | Purpose::Legal | Purpose::Service),
            Self::Complaint | Self::Manual => purpose != Purpose::Legal,
            Self::HardBounce => true,
        }
    }
}

impl Code for SuppressionReason {
    const WHAT: &'static str = "reason of a suppression";
    const ALL: &'static [Self] = &[Self::Complaint, Self::HardBounce, Self::Manual, Self::Unsubscribed];

    fn code(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::HardBounce => "hard_bounce",
            Self::Manual => "manual",
            Self::Unsubscribed => "unsubscribed",
        }
    }
}

/// Why somebody may not be contacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Consent was denied.
    #[error("consent was denied")]
    Denied,
    /// Consent has run out.
    #[error("consent has run out; ask again")]
    Expired,
    /// The recipient has no address for this channel.
    #[error("the recipient has no address for this channel")]
    NoAddress,
    /// Consent is needed, and nobody gave it.
    #[error("consent is needed for this purpose, and none was given")]
    NotGranted,
    /// The address is suppressed.
    #[error("the address is suppressed ({})", .0.code())]
    Suppressed(SuppressionReason),
    /// Consent was withdrawn.
    #[error("consent was withdrawn")]
    Withdrawn,
}

/// The rule: whether a purpose may be pursued, given where somebody stands and what the address is suppressed for.
///
/// It is pure, so that it can be read and tested in one place; a permission to act on it is made only by the store, which has
/// asked the ledger.
///
/// # Errors
/// The reason why not.
pub fn may_contact(
    purpose: Purpose,
    state: ConsentState,
    suppressed: impl IntoIterator<Item = SuppressionReason>,
) -> Result<(), Refusal> {
    if let Some(reason) = suppressed.into_iter().find(|reason| reason.stops(purpose)) {
        return Err(Refusal::Suppressed(reason));
    }
    match (purpose, state) {
        (Purpose::Contract | Purpose::Legal, _) | (_, ConsentState::Granted) => Ok(()),
        (_, ConsentState::Denied) => Err(Refusal::Denied),
        (_, ConsentState::Withdrawn) => Err(Refusal::Withdrawn),
        (Purpose::Service, ConsentState::Expired | ConsentState::Unknown) => Ok(()),
        (_, ConsentState::Expired) => Err(Refusal::Expired),
        (_, ConsentState::Unknown) => Err(Refusal::NotGranted),
    }
}
