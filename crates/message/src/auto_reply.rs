//! Whether a mail was sent by a program (RFC 3834, and what was usual before and beside it).

use crate::message::Message;
use crate::model::AutoReplyCause;
use crate::part::Role;

/// How the subjects of automatic answers begin, or what stands in them behind other marks.
const SUBJECTS: &[&str] = &[
    "automatic reply",
    "automatic response",
    "automated reply",
    "automated response",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto response",
    "auto-response",
    "autoresponse",
    "auto:",
    "out of office",
    "out of the office",
    "out-of-office",
    "vacation reply",
    "vacation:",
    "away from my mail",
    "away from the office",
    "abwesenheitsnotiz",
    "abwesenheit:",
    "automatische antwort",
    "automatische abwesenheit",
    "réponse automatique",
    "absence du bureau",
    "absent du bureau",
    "respuesta automática",
    "respuesta automatica",
    "fuera de la oficina",
    "risposta automatica",
    "fuori ufficio",
    "automatisch antwoord",
    "resposta automática",
    "ausência temporária",
    "autosvar",
    "autosvar:",
    "automaattinen vastaus",
    "automatická odpověď",
    "automatyczna odpowiedź",
    "odpowiedź automatyczna",
    "автоответ",
    "автоматический ответ",
    "自動応答",
    "自動返信",
    "不在通知",
    "自动回复",
    "自動回覆",
];

/// Words that responders write as well as people who will not be at home when the parcel comes. They say something where they are the
/// whole subject, or another one follows: a customer who is not read is worse than a responder who is.
const SUBJECTS_OF_PEOPLE: &[&str] = &["on vacation", "i am away", "i'm away", "abwesend", "afwezig"];

/// Fields that responders write, whatever their value.
const RESPONDERS: &[&str] = &[
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-autoreply-from",
    "x-mail-autoreply",
    "x-vacation",
    "x-ooo",
];

fn is_of_responder(subject: &str) -> bool {
    let is_all = |words: &str| {
        let rest = subject.strip_prefix(words).map(str::trim_start);
        rest.is_some_and(|rest| rest.trim_matches(['.', '!']).is_empty() || rest.starts_with([':', '(']))
    };
    SUBJECTS.iter().any(|beginning| subject.starts_with(beginning))
        || SUBJECTS_OF_PEOPLE.iter().any(|words| is_all(words))
}

/// Why a mail is automatic, if it is.
pub(crate) fn find(message: &Message) -> Option<AutoReplyCause> {
    let lower = |name: &str| message.header(name).map(|value| value.trim().to_ascii_lowercase());
    let is_receipt = message.parts.iter().any(|part| part.role == Role::Receipt)
        || lower("content-type").is_some_and(|value| value.contains("disposition-notification"));
    if is_receipt {
        return Some(AutoReplyCause::ReadReceipt);
    }
    let submitted =
        lower("auto-submitted").filter(|value| !value.is_empty() && value.split([';', ' ']).next() != Some("no"));
    let precedence = lower("precedence").unwrap_or_default();
    let subject = message.subject().unwrap_or_default().trim().to_lowercase();
    let is_answer = submitted
        .as_deref()
        .is_some_and(|value| value.starts_with("auto-replied"))
        || RESPONDERS
            .iter()
            .any(|name| lower(name).is_some_and(|value| value != "no"))
        || matches!(precedence.as_str(), "auto_reply" | "auto-reply")
        || is_of_responder(&subject);
    if is_answer {
        return Some(AutoReplyCause::Answer);
    }
    let suppresses = lower("x-auto-response-suppress").filter(|value| !value.is_empty() && value != "none");
    if submitted.is_some() || suppresses.is_some() || lower("x-loop").is_some() {
        return Some(AutoReplyCause::Generated);
    }
    let is_bulk = lower("list-id").is_some()
        || lower("list-unsubscribe").is_some()
        || matches!(precedence.as_str(), "bulk" | "list" | "junk");
    if is_bulk {
        return Some(AutoReplyCause::Bulk);
    }
    message.has_null_return_path().then_some(AutoReplyCause::NullReturnPath)
}
