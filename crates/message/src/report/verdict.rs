//! What is concluded from what a report says of one recipient.

use ecrm_core::{EnhancedStatus, is_refused_for_now};

use crate::reason::{Phase, decide};
use crate::scan::{code, phrase};
use crate::{Reason, ReportedRecipient};

/// What a report says of one recipient.
#[derive(Default)]
pub(crate) struct Said<'s> {
    pub(crate) address: Option<String>,
    /// What the remote system answered, or what the report says instead.
    pub(crate) diagnostic: String,
    /// The status that stands beside the diagnostic, in a field of its own.
    pub(crate) status: Option<EnhancedStatus>,
    pub(crate) phase: Option<Phase>,
    /// The whole notice, where it is about one recipient only.
    pub(crate) notice: &'s str,
    pub(crate) is_delayed: bool,
    /// Written by Exim, whose notices call everything permanent.
    pub(crate) is_from_exim: bool,
    /// The recipient had been accepted before.
    pub(crate) was_accepted: bool,
}

/// Bytes of a diagnostic that are handed on.
const LONGEST_DIAGNOSTIC: usize = 2 << 10;

/// The conclusion.
pub(crate) fn judge(said: Said<'_>) -> ReportedRecipient {
    let diagnostic = one_line(&said.diagnostic);
    let mut status = more_exact(code::status(&diagnostic), said.status);
    let mut smtp_reply = code::reply(&diagnostic);
    // Where the diagnostic is empty or a number, the words of the notice say more than a code alone.
    let (words, other_words) = if diagnostic.contains(char::is_alphabetic) {
        (diagnostic.as_str(), said.notice)
    } else {
        (said.notice, "")
    };
    let mut reason = decide(words, status, said.phase);
    if reason == Reason::Undefined {
        reason = decide(other_words, status, said.phase);
    }
    if smtp_reply.is_none() && status.is_none() {
        smtp_reply = code::reply(said.notice);
        status = code::status(said.notice);
    }
    reason = corrected(reason, status, &said);
    let is_status_from_mail = status.is_some();
    let status = status.or_else(|| made_status(reason, smtp_reply, &diagnostic, &said));
    let class = status.map(EnhancedStatus::class);
    // A greeting with 554 to which the sending host reports 4.0.0 is not about this mail.
    let smtp_reply = smtp_reply.filter(|reply| class.is_none_or(|class| reply / 100 == u16::from(class)));
    ReportedRecipient {
        address: said.address,
        status,
        is_status_from_mail,
        smtp_reply,
        reason,
        is_relayed: false,
        is_hard: reason.condemns_address() && class == Some(5) && !said.is_delayed && !is_refused_for_now(&diagnostic),
        diagnostic,
    }
}

/// One line of a limited length.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if line.len() + word.len() >= LONGEST_DIAGNOSTIC {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Of two statuses, the one that the remote system gave, unless it says nothing but the class.
fn more_exact(quoted: Option<EnhancedStatus>, field: Option<EnhancedStatus>) -> Option<EnhancedStatus> {
    match (quoted, field) {
        (Some(quoted), Some(field)) if is_bare(quoted) && quoted.class() == field.class() => Some(field),
        (Some(quoted), _) => Some(quoted),
        (None, field) => field,
    }
}

/// Whether a status says no more than its class, as 5.0.0 does.
pub(crate) fn is_bare(status: EnhancedStatus) -> bool {
    status.subject() == 0 && status.detail() == 0
}

/// What the surroundings of a diagnostic add to it.
fn corrected(reason: Reason, status: Option<EnhancedStatus>, said: &Said<'_>) -> Reason {
    if status.is_some_and(|status| status.class() == 2) {
        return Reason::Delivered;
    }
    let notice = phrase::plain(said.notice);
    let says = |phrases: &[&str]| phrase::has(&notice, phrases);
    match reason {
        Reason::UserUnknown | Reason::Filtered | Reason::Undefined
            if says(&[
                "account is disabled",
                "account is suspended",
                "account has been disabled",
            ]) =>
        {
            Reason::Suspend
        }
        Reason::NetworkError | Reason::Undefined if says(&["was aborted after"]) => Reason::Expired,
        Reason::Undefined if said.is_delayed => Reason::Expired,
        Reason::UserUnknown if said.was_accepted => Reason::Filtered,
        _ => reason,
    }
}

/// The status of a report that has none.
fn made_status(reason: Reason, reply: Option<u16>, diagnostic: &str, said: &Said<'_>) -> Option<EnhancedStatus> {
    let is_worth_another_try = said.is_from_exim
        && reason == Reason::Expired
        && phrase::has(
            &phrase::plain(diagnostic),
            &[
                "retry timeout",
                "failing for a long time",
                "retry time not reached",
                "long failure period",
                "frozen",
            ],
        );
    let is_temporary = is_worth_another_try || reply.is_some_and(|reply| reply / 100 == 4);
    // Exim names the command, so that a refusal of the sender is known not to be about the recipient.
    let is_about_sender = said.is_from_exim && said.phase == Some(Phase::Mail);
    let kind = if is_about_sender { Reason::OnHold } else { reason };
    kind.status(if is_temporary { 4 } else { 5 })
}
