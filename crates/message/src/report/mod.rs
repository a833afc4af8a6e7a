//! Reports of mail systems: in the form of RFC 3464 and RFC 5965, and in the many others.

mod arf;
mod notice;
mod original;
mod recipients;
mod rfc3464;
mod ses;
mod text;
mod transcript;
mod verdict;

use crate::message::Message;
use crate::model::{Report, ReportKind};
use crate::part::Role;
use crate::report::notice::Notice;
use crate::report::rfc3464::Group;
use crate::{Reason, ReportedRecipient};

/// How often a notice may have been sent on as the text of another.
const DEEPEST: usize = 2;

/// The report that a mail is, if it is one.
pub(crate) fn find(message: &Message, depth: usize) -> Option<Report> {
    let has = |role: Role| message.parts.iter().any(|part| part.role == role);
    if has(Role::Receipt) && !has(Role::Status) {
        // It tells of a mail that has arrived, and of what a person did with it (RFC 8098).
        return None;
    }
    if let Some(complaint) = arf::read(message) {
        return Some(complaint);
    }
    if let Some(notification) = ses::read(message) {
        return Some(notification);
    }
    let text = message.text();
    let raw = String::from_utf8_lossy(&message.body_start);
    let notice = Notice::of(message, if text.trim().is_empty() { &raw } else { text });
    if let Some(report) = of_parts(&notice) {
        return Some(report);
    }
    if let Some(refusal) = text::read_list(&notice) {
        return Some(report(&notice, vec![refusal], &[], &[]));
    }
    if !notice.is_likely() || is_from_list(message) {
        return None;
    }
    of_text(&notice)
        .or_else(|| sent_on(&notice, depth))
        .or_else(|| {
            // The parts cannot be told from each other.
            of_text(&Notice::of(message, &raw))
        })
        .or_else(|| unnamed(&notice))
}

/// True for what goes to many (RFC 2919, RFC 2369): a report goes to one.
fn is_from_list(message: &Message) -> bool {
    ["list-id", "list-unsubscribe"]
        .iter()
        .any(|name| message.header(name).is_some())
}

/// A report that has its fields in a part of their own.
fn of_parts(notice: &Notice<'_>) -> Option<Report> {
    let parts = notice.message.parts.iter().filter(|part| part.role == Role::Status);
    let fields = parts.filter_map(|part| part.text()).collect::<Vec<_>>().join("\n\n");
    if fields.is_empty() {
        return None;
    }
    let (mut groups, per_message) = rfc3464::groups(&fields, notice.limits.recipients);
    // OpenSMTPD writes 5.0.0, 4.0.0 or 4.4.7 whatever has happened, and no diagnostic. Its text has one line for each recipient.
    if notice.head_has(&["this is the mailer-daemon, please do not reply"]) {
        let recipients = text::read(notice);
        if !recipients.is_empty() {
            return Some(report(notice, recipients, &groups, &per_message));
        }
    }
    groups.retain(|group| group.has_outcome() || !notice.is_declared());
    if groups.is_empty() {
        return None;
    }
    let recipients = rfc3464::read(&groups, &per_message, notice);
    let mut report = report(notice, recipients, &groups, &per_message);
    report.kind = kind_of_actions(&groups, &report.recipients).unwrap_or(report.kind);
    Some(report)
}

/// A report in a text, which may have the fields pasted into it.
fn of_text(notice: &Notice<'_>) -> Option<Report> {
    for lines in [&notice.head, &notice.tail] {
        let pasted = lines.iter().any(|line| {
            let name = line.get(..16).unwrap_or_default();
            name.eq_ignore_ascii_case("final-recipient:")
        });
        if !pasted {
            continue;
        }
        let (mut groups, per_message) = rfc3464::groups(&lines.join("\n"), notice.limits.recipients);
        groups.retain(Group::has_outcome);
        if !groups.is_empty() {
            let recipients = rfc3464::read(&groups, &per_message, notice);
            let mut report = report(notice, recipients, &groups, &per_message);
            report.kind = kind_of_actions(&groups, &report.recipients).unwrap_or(report.kind);
            return Some(report);
        }
    }
    let recipients = text::read(notice);
    (!recipients.is_empty()).then(|| report(notice, recipients, &[], &[]))
}

/// A notice whose text is another notice.
fn sent_on(notice: &Notice<'_>, depth: usize) -> Option<Report> {
    if depth >= DEEPEST {
        return None;
    }
    let is_field = |line: &&str| line.starts_with("From ") || crate::parse::header::field_of_line(line).is_some();
    let begin = notice.tail.iter().position(is_field)?;
    let inner = notice.tail.get(begin..)?.join("\n");
    let inner = Message::parse_within(inner.as_bytes(), notice.limits).ok()?;
    find(&inner, depth + 1)
}

/// A report that names no recipient.
fn unnamed(notice: &Notice<'_>) -> Option<Report> {
    if !notice.is_certain() {
        return None;
    }
    let original = original::find(notice.message, &notice.tail, &[], &[]);
    let to = original.header("to").and_then(crate::scan::address::first);
    let recipient = text::unnamed(notice, to.map(|found| found.text.to_owned()));
    Some(report(notice, vec![recipient], &[], &[]))
}

fn report(
    notice: &Notice<'_>,
    recipients: Vec<ReportedRecipient>,
    groups: &[Group],
    per_message: &[(String, String)],
) -> Report {
    let is_delivered = recipients.iter().all(|recipient| recipient.reason == Reason::Delivered);
    let kind = match () {
        () if is_delivered => ReportKind::Delivered,
        () if notice.is_delay() => ReportKind::Delayed,
        () => ReportKind::Bounce,
    };
    Report {
        kind,
        recipients,
        original: original::find(notice.message, &notice.tail, groups, per_message),
        reported_at: notice.message.date(),
        feedback_type: None,
    }
}

/// What the fields say that was done: a report is about a failure as soon as one recipient failed.
fn kind_of_actions(groups: &[Group], recipients: &[ReportedRecipient]) -> Option<ReportKind> {
    let actions: Vec<_> = groups.iter().filter_map(Group::action).collect();
    let is_delivered = recipients.iter().all(|recipient| recipient.reason == Reason::Delivered);
    match () {
        () if is_delivered => Some(ReportKind::Delivered),
        () if actions.iter().any(|action| action == "failed") => Some(ReportKind::Bounce),
        () if actions.iter().any(|action| action == "delayed") => Some(ReportKind::Delayed),
        () => None,
    }
}
