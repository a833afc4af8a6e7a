//! The fields of delivery status notifications (RFC 3464), in a part of their own or pasted into a text.

use ecrm_core::EnhancedStatus;

use crate::parse::header::field_of_line;
use crate::reason::Phase;
use crate::report::notice::Notice;
use crate::report::recipients;
use crate::report::transcript::Transcript;
use crate::report::verdict::{Said, is_bare, judge};
use crate::scan::{address, code, phrase};
use crate::{Reason, ReportedRecipient};

/// The fields of one recipient, their names in lower case.
#[derive(Default)]
pub(crate) struct Group {
    pub(crate) fields: Vec<(String, String)>,
}

impl Group {
    fn get(&self, name: &str) -> &str {
        let mut fields = self.fields.iter();
        fields.find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field == name)
    }

    fn is_of_recipient(&self) -> bool {
        self.has("final-recipient") || self.has("original-recipient") || self.has("x-actual-recipient")
    }

    /// Whether it says what became of the mail.
    pub(crate) fn has_outcome(&self) -> bool {
        self.has("action") || self.has("status")
    }

    /// What was done, in lower case.
    pub(crate) fn action(&self) -> Option<String> {
        self.get("action")
            .split_whitespace()
            .next()
            .map(str::to_ascii_lowercase)
    }

    /// The address, without its type.
    fn address(&self) -> Option<String> {
        let names = ["final-recipient", "original-recipient", "x-actual-recipient"];
        names.iter().find_map(|name| {
            let value = self.get(name);
            let value = value.split_once(';').map_or(value, |(_, address)| address).trim();
            let value = value.trim_matches(['<', '>', ' ']);
            // A route of RFC 821: the address comes after the hosts.
            let value = match value.strip_prefix('@').and_then(|route| route.split_once(':')) {
                Some((_, address)) => address,
                None => value,
            };
            let is_plain = value.contains('@') && !value.contains([' ', '|', '<']);
            if is_plain {
                return Some(value.to_owned());
            }
            address::first(value).map(|found| found.text.to_owned())
        })
    }

    /// The diagnostic, without its type.
    fn diagnostic(&self) -> &str {
        let value = self.get("diagnostic-code");
        let is_type = |kind: &str| {
            let kind = kind.trim();
            kind.len() < 40
                && kind.starts_with(|c: char| c.is_ascii_alphabetic())
                && kind
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        match value.split_once(';') {
            Some((kind, text)) if is_type(kind) => text.trim(),
            _ => value.trim(),
        }
    }

    /// What stands in brackets behind the status, when it says something.
    fn comment(&self) -> &str {
        let status = self.get("status");
        let comment = status.find('(').and_then(|at| status.get(at..)).unwrap_or_default();
        let says_nothing = ["undefined status", "permanent failure", "smtp server has rejected"];
        if phrase::has(&comment.to_lowercase(), &says_nothing) {
            ""
        } else {
            comment
        }
    }
}

/// The groups of fields in a text that belong to recipients, and the fields that belong to none.
pub(crate) fn groups(text: &str, most: usize) -> (Vec<Group>, Vec<(String, String)>) {
    let mut found: Vec<Group> = Vec::new();
    let mut per_message = Vec::new();
    for group in split(text) {
        if group.is_of_recipient() {
            if found.len() < most {
                found.push(group);
            }
        } else if let Some(last) = found
            .last_mut()
            .filter(|_| group.has_outcome() || group.has("diagnostic-code"))
        {
            // An empty line too many has torn the fields of a recipient apart.
            let missing = group
                .fields
                .into_iter()
                .filter(|(name, _)| !last.has(name))
                .collect::<Vec<_>>();
            last.fields.extend(missing);
        } else {
            per_message.extend(group.fields);
        }
    }
    (found, per_message)
}

fn split(text: &str) -> Vec<Group> {
    let mut done = Vec::new();
    let mut current = Group::default();
    let mut is_open = false;
    for line in text.lines() {
        if line.starts_with([' ', '\t']) && !line.trim().is_empty() {
            if let Some((_, value)) = current.fields.last_mut().filter(|_| is_open) {
                value.push(' ');
                value.push_str(line.trim());
            }
            continue;
        }
        let is_boundary = line.starts_with("--") && line.len() > 4;
        if line.trim().is_empty() || is_boundary {
            if !current.fields.is_empty() {
                done.push(std::mem::take(&mut current));
            }
            is_open = false;
            if is_boundary && done.iter().any(Group::has_outcome) {
                // What comes after a boundary that does not fit is the returned mail.
                break;
            }
            continue;
        }
        is_open = false;
        let Some((name, value)) = field_of_line(line).filter(|_| current.fields.len() < 200) else {
            continue;
        };
        let name = name.to_ascii_lowercase();
        if matches!(name.as_str(), "final-recipient" | "action" | "status") && current.has(&name) {
            done.push(std::mem::take(&mut current));
        }
        if !current.has(&name) {
            current.fields.push((name, value.to_owned()));
            is_open = true;
        }
    }
    if !current.fields.is_empty() {
        done.push(current);
    }
    done
}

/// What the groups say, each with what the text of the notice says of its recipient.
pub(crate) fn read(groups: &[Group], per_message: &[(String, String)], notice: &Notice<'_>) -> Vec<ReportedRecipient> {
    let transcript = Transcript::read(&notice.head);
    let sections = recipients::sections(&notice.head, notice.limits.recipients);
    let whole = if groups.len() == 1 {
        format!("{} {}", notice.head_text(), transcript.text)
    } else {
        String::new()
    };
    let is_from_inbound_service = |group: &Group| {
        let of_message = per_message
            .iter()
            .find(|(name, _)| name == "reporting-mta")
            .map(|(_, value)| value.as_str());
        of_message
            .unwrap_or_else(|| group.get("reporting-mta"))
            .contains("inbound-smtp.")
    };
    let read_one = |group: &Group| {
        let address = group.address().or_else(|| notice.failed_address());
        let section = address
            .as_deref()
            .and_then(|address| sections.get(&address.to_lowercase()));
        let only = || {
            sections
                .values()
                .next()
                .filter(|_| groups.len() == 1 && sections.len() == 1)
        };
        let section = section.or_else(only).map_or("", String::as_str);
        one(
            group,
            Said {
                address,
                notice: &whole,
                is_from_exim: notice.is_from_exim(),
                // Its rules bounce a mail that its servers have taken.
                was_accepted: is_from_inbound_service(group),
                ..Said::default()
            },
            section,
            (&transcript, groups.len() == 1),
        )
    };
    groups.iter().map(read_one).collect()
}

fn one(
    group: &Group,
    mut said: Said<'_>,
    section: &str,
    (transcript, is_only): (&Transcript, bool),
) -> ReportedRecipient {
    let diagnostic = group.diagnostic();
    let action = group.action().unwrap_or_default();
    said.phase = phase(diagnostic, section, transcript);
    said.diagnostic = format!("{diagnostic} {}", group.comment());
    if !diagnostic.contains(char::is_alphabetic) {
        // Nothing, or nothing but a number: the text says more.
        said.diagnostic.push_str(section);
    }
    said.diagnostic.push(' ');
    said.diagnostic.push_str(group.get("x-powermta-bouncecategory"));
    said.status = code::status(group.get("status"));
    if is_only && code::status(diagnostic).is_none() {
        said.status = status_of_session(said.status, transcript);
    }
    said.is_delayed = action == "delayed";
    let mut recipient = judge(said);
    let has_arrived = matches!(action.as_str(), "delivered" | "relayed" | "expanded" | "deliverable");
    if has_arrived {
        recipient.reason = Reason::Delivered;
        recipient.is_hard = false;
        recipient.is_relayed = matches!(action.as_str(), "relayed" | "expanded");
    }
    if is_only && recipient.smtp_reply.is_none() {
        let class = recipient.status.map(|status| u16::from(status.class()));
        recipient.smtp_reply = transcript.reply.filter(|reply| Some(reply / 100) == class);
    }
    recipient
}

fn phase(diagnostic: &str, section: &str, transcript: &Transcript) -> Option<Phase> {
    let in_session = transcript.phase(diagnostic);
    in_session
        .or_else(|| Phase::of(&phrase::plain(diagnostic)))
        .or_else(|| Phase::of(&phrase::plain(section)).filter(|_| transcript.is_empty()))
}

/// Where the diagnostic has no status, the printed session may have a better one than the field: always that of the remote
/// system, and that of the reporting one where the field says no more than a class.
fn status_of_session(field: Option<EnhancedStatus>, transcript: &Transcript) -> Option<EnhancedStatus> {
    if transcript.is_empty() {
        return field;
    }
    transcript.remote.or_else(|| match field {
        Some(field) if !is_bare(field) => Some(field),
        field => transcript.local.or(field),
    })
}
