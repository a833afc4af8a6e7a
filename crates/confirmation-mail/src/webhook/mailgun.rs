use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_core::EnhancedStatus;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;

use super::{Webhook, WebhookError};
use crate::{EventKind, MailEvent};

/// No report is larger.
const LARGEST: usize = 256 * 1024;
/// A signature is believed for so long, before and after its time.
const BELIEVED_FOR: TimeDelta = TimeDelta::minutes(15);

/// The webhooks of Mailgun: JSON with a `signature`, an HMAC-SHA-256 over time and token by the webhook signing key, and `event-data`
/// (<https://documentation.mailgun.com/docs/mailgun/user-manual/events/webhooks>). Each report is delivered at least once;
/// [`hear`](crate::hear) knows the ones that it has heard.
pub struct Mailgun {
    mac: Hmac<Sha256>,
    hears_opens: bool,
}

impl Mailgun {
    /// Reads reports that are signed with a key.
    ///
    /// # Errors
    /// [`WebhookError::Forged`] for an empty key, which would let anybody sign.
    pub fn new(signing_key: &str) -> Result<Self, WebhookError> {
        if signing_key.is_empty() {
            return Err(WebhookError::Forged);
        }
        let mac = Hmac::new_from_slice(signing_key.as_bytes()).map_err(|_| WebhookError::Forged)?;
        Ok(Self {
            mac,
            hears_opens: false,
        })
    }

    /// Reads reports of opened mails as well. They tell when a person reads, and need that person's consent.
    #[must_use]
    pub fn with_opens(mut self) -> Self {
        self.hears_opens = true;
        self
    }

    fn check(&self, signature: &Signature, now: DateTime<Utc>) -> Result<(), WebhookError> {
        let mut mac = self.mac.clone();
        mac.update(signature.timestamp.as_bytes());
        mac.update(signature.token.as_bytes());
        let given = unhex(&signature.signature).ok_or(WebhookError::Forged)?;
        mac.verify_slice(&given).map_err(|_| WebhookError::Forged)?;
        let seconds = signature.timestamp.parse().map_err(|_| WebhookError::Malformed)?;
        let signed_at = DateTime::from_timestamp(seconds, 0).ok_or(WebhookError::Malformed)?;
        if (now - signed_at).abs() > BELIEVED_FOR {
            Err(WebhookError::Stale)
        } else {
            Ok(())
        }
    }
}

impl Webhook for Mailgun {
    fn events(&self, body: &[u8], now: DateTime<Utc>) -> Result<Vec<MailEvent>, WebhookError> {
        if body.len() > LARGEST {
            return Err(WebhookError::TooLarge);
        }
        let report: Report = serde_json::from_slice(body).map_err(|_| WebhookError::Malformed)?;
        self.check(&report.signature, now)?;
        let Some(kind) = report
            .event
            .kind()
            .filter(|kind| *kind != EventKind::Opened || self.hears_opens)
        else {
            return Ok(Vec::new());
        };
        Ok(report.event.into_event(kind)?.into_iter().collect())
    }
}

/// The key stays out of logs.
impl fmt::Debug for Mailgun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mailgun(…)")
    }
}

#[derive(Deserialize)]
struct Report {
    signature: Signature,
    #[serde(rename = "event-data")]
    event: Event,
}

#[derive(Deserialize)]
struct Signature {
    timestamp: String,
    token: String,
    signature: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Event {
    event: String,
    timestamp: f64,
    #[serde(default, deserialize_with = "or_nothing")]
    severity: String,
    #[serde(default, deserialize_with = "or_nothing")]
    reason: String,
    #[serde(default, deserialize_with = "or_nothing")]
    message: Message,
    #[serde(default, deserialize_with = "or_nothing")]
    delivery_status: DeliveryStatus,
}

#[derive(Default, Deserialize)]
struct Message {
    #[serde(default, deserialize_with = "or_nothing")]
    headers: Headers,
}

#[derive(Default, Deserialize)]
struct Headers {
    #[serde(default, rename = "message-id", deserialize_with = "or_nothing")]
    message_id: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct DeliveryStatus {
    #[serde(default, deserialize_with = "or_nothing")]
    enhanced_code: String,
    #[serde(default, deserialize_with = "or_nothing")]
    code: i64,
    #[serde(default, deserialize_with = "or_nothing")]
    message: String,
    #[serde(default, deserialize_with = "or_nothing")]
    description: String,
}

impl Event {
    /// A permanent failure is hard when the receiver says so of the mailbox, or Mailgun has it on its list of such.
    fn kind(&self) -> Option<EventKind> {
        Some(match (self.event.as_str(), self.severity.as_str()) {
            ("accepted", _) => EventKind::Accepted,
            ("delivered", _) => EventKind::Delivered,
            ("opened", _) => EventKind::Opened,
            ("complained", _) => EventKind::Complained,
            ("unsubscribed", _) => EventKind::Unsubscribed,
            ("failed", "temporary") => EventKind::Delayed,
            ("failed", _) if self.is_hard() => EventKind::BouncedHard,
            ("failed", _) => EventKind::BouncedSoft,
            _ => return None,
        })
    }

    fn is_hard(&self) -> bool {
        self.reason == "suppress-bounce" || self.status().is_some_and(EnhancedStatus::condemns_address)
    }

    fn status(&self) -> Option<EnhancedStatus> {
        let delivery = &self.delivery_status;
        let in_words = || {
            delivery
                .message
                .split_whitespace()
                .take(2)
                .find_map(|word| word.parse().ok())
        };
        delivery.enhanced_code.parse().ok().or_else(in_words)
    }

    fn into_event(self, kind: EventKind) -> Result<Option<MailEvent>, WebhookError> {
        if self.message.headers.message_id.is_empty() {
            return Ok(None);
        }
        let status = self.status();
        let delivery = self.delivery_status;
        let words = if delivery.message.is_empty() {
            delivery.description
        } else {
            delivery.message
        };
        let code = if delivery.code > 0 {
            delivery.code.to_string()
        } else {
            String::new()
        };
        Ok(Some(MailEvent {
            message_id: format!("<{}>", self.message.headers.message_id.trim_matches(['<', '>'])),
            kind,
            at: instant(self.timestamp).ok_or(WebhookError::Malformed)?,
            status,
            detail: format!("{code} {words}").trim().chars().take(1000).collect(),
        }))
    }
}

/// A value that may be `null`.
fn or_nothing<'de, D: serde::Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Seconds since 1970 with a fraction, to the millisecond.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a number that does not fit becomes one that chrono refuses"
)]
fn instant(seconds: f64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis((seconds * 1000.0).round() as i64).filter(|_| seconds.is_finite() && seconds > 0.0)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_348_800, 0).unwrap();

    fn signed(key: &str, at: DateTime<Utc>, event: &str) -> Vec<u8> {
        let (timestamp, token) = (
            at.timestamp().to_string(),
            "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0",
        );
        let mut mac: Hmac<Sha256> = Hmac::new_from_slice(key.as_bytes()).unwrap();
        mac.update(format!("{timestamp}{token}").as_bytes());
        let signature = ecrm_store::hex(&mac.finalize().into_bytes());
        format!(r#"{{"signature":{{"timestamp":"{timestamp}","token":"{token}","signature":"{signature}"}},"event-data":{event}}}"#).into_bytes()
    }

    fn failed(severity: &str, code: &str) -> String {
        format!(
            r#"{{"event":"failed","severity":"{severity}","timestamp":1795348790.25,"message":{{"headers":{{"message-id":"1.a@lamps.example"}}}},"delivery-status":{{"code":550,"message":"{code} no"}}}}"#
        )
    }

    fn read(body: &[u8]) -> Result<Vec<MailEvent>, WebhookError> {
        Mailgun::new("key").unwrap().events(body, NOW)
    }

    #[test]
    fn a_failure_is_hard_when_there_is_no_such_mailbox() {
        for (severity, code, kind) in [
            ("permanent", "5.1.1", EventKind::BouncedHard),
            ("permanent", "5.2.2", EventKind::BouncedSoft),
            ("temporary", "4.2.1", EventKind::Delayed),
        ] {
            let events = read(&signed("key", NOW, &failed(severity, code))).unwrap();
            assert_eq!(events[0].kind, kind, "{severity} {code}");
            assert_eq!(events[0].message_id, "<1.a@lamps.example>");
            assert_eq!(events[0].status, code.parse().ok());
            assert_eq!(events[0].at.timestamp_millis(), 1_795_348_790_250);
        }
    }

    #[test]
    fn a_report_that_is_not_signed_with_the_key_or_too_old_is_not_believed() {
        let event = failed("permanent", "5.1.1");
        assert_eq!(read(&signed("other", NOW, &event)), Err(WebhookError::Forged));
        assert_eq!(
            read(&signed("key", NOW - TimeDelta::minutes(16), &event)),
            Err(WebhookError::Stale)
        );
        assert_eq!(read(b"{}"), Err(WebhookError::Malformed));
        assert_eq!(read(&vec![b' '; LARGEST + 1]), Err(WebhookError::TooLarge));
        assert!(Mailgun::new("").is_err());
    }

    #[test]
    fn that_a_mail_was_opened_is_heard_only_by_who_asks_for_it() {
        let event =
            r#"{"event":"opened","timestamp":1795348790,"message":{"headers":{"message-id":"1.a@lamps.example"}}}"#;
        let body = signed("key", NOW, event);
        assert_eq!(read(&body), Ok(Vec::new()));
        assert_eq!(
            Mailgun::new("key").unwrap().with_opens().events(&body, NOW).unwrap()[0].kind,
            EventKind::Opened
        );
    }
}
