//! Complaints: feedback reports (RFC 5965), and the ones that are not.

use crate::Reason;
use std::net::IpAddr;

use crate::message::Message;
use crate::model::{Report, ReportKind, ReportedRecipient};
use crate::part::Role;
use crate::report::original;
use crate::report::rfc3464::Group;
use crate::scan::address;

/// The complaint that a mail is, if it is one.
pub(crate) fn read(message: &Message) -> Option<Report> {
    let report = message.parts.iter().find(|part| part.role == Role::Feedback);
    if let Some(part) = report {
        let lines: Vec<&str> = part.text().unwrap_or_default().lines().collect();
        return Some(feedback(message, &lines));
    }
    let declared = message.header("content-type").unwrap_or_default().to_ascii_lowercase();
    if declared.starts_with("multipart/report") && declared.contains("feedback-report") {
        // The parts cannot be told from each other.
        let text = String::from_utf8_lossy(&message.body_start);
        let lines = text.lines().skip_while(|line| !begins_feedback(line));
        let lines: Vec<&str> = lines.take_while(|line| !line.trim().is_empty()).collect();
        return (!lines.is_empty()).then(|| feedback(message, &lines));
    }
    let mut complaint = empty(message, &[]);
    if message.header("x-apple-unsubscribe").is_some() {
        complaint.feedback_type = Some("opt-out".to_owned());
        complaint.recipients = vec![complainer(message.sender().map(str::to_owned))];
        return Some(complaint);
    }
    // Hotmail sends the mail complained of, and adds the recipient to its header.
    let recipient = complaint.original.header("x-hmxmroriginalrecipient").map(str::to_owned);
    let returns_mail = message.parts.iter().any(|part| part.role == Role::Message);
    if recipient.is_some() || (returns_mail && complains_of_host(message.subject().unwrap_or_default())) {
        complaint.feedback_type = Some("abuse".to_owned());
        complaint.recipients = vec![complainer(recipient)];
        return Some(complaint);
    }
    None
}

/// Whether a subject is `complaint about message from 192.0.2.1`. A customer complains of something else.
fn complains_of_host(subject: &str) -> bool {
    let subject = subject.trim().to_ascii_lowercase();
    let host = subject.strip_prefix("complaint about message from ");
    host.is_some_and(|host| host.trim().parse::<IpAddr>().is_ok())
}

/// Whether a line is one of the first fields of a feedback report.
fn begins_feedback(line: &str) -> bool {
    let fields = ["feedback-type:", "user-agent:", "version:", "abuse-type:"];
    let lower = line.get(..line.len().min(20)).unwrap_or_default().to_ascii_lowercase();
    fields.iter().any(|field| lower.starts_with(field))
}

fn feedback(message: &Message, lines: &[&str]) -> Report {
    let fields: Vec<(String, String)> = original::header_in(lines)
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    let all = |wanted: &str| {
        let values = fields
            .iter()
            .filter(|(name, _)| name == wanted)
            .map(|(_, value)| value.as_str());
        values.take(message.limits.recipients).collect::<Vec<_>>()
    };
    let mut addresses = all("original-rcpt-to");
    if addresses.is_empty() {
        addresses = all("removal-recipient");
    }
    let mut recipients: Vec<ReportedRecipient> = addresses
        .into_iter()
        .map(|value| complainer(address::first(value).map(|found| found.text.to_owned())))
        .collect();
    if recipients.is_empty() {
        recipients.push(complainer(None));
    }
    let feedback_type = all("feedback-type").first().map(|kind| kind.to_ascii_lowercase());
    Report {
        recipients,
        feedback_type,
        ..empty(message, &fields)
    }
}

fn empty(message: &Message, fields: &[(String, String)]) -> Report {
    Report {
        kind: ReportKind::Complaint,
        recipients: Vec::new(),
        original: original::find(message, &[], &[] as &[Group], fields),
        reported_at: message.date(),
        feedback_type: None,
    }
}

/// One who complains. Nothing was wrong with the delivery.
pub(crate) fn complainer(address: Option<String>) -> ReportedRecipient {
    ReportedRecipient {
        address,
        status: None,
        is_status_from_mail: false,
        smtp_reply: None,
        reason: Reason::Feedback,
        is_hard: false,
        is_relayed: false,
        diagnostic: String::new(),
    }
}
