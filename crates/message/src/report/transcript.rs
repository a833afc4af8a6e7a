//! The session that sendmail, Courier and others print: `>>>` is what was sent, `<<<` what was answered.

use ecrm_core::EnhancedStatus;

use crate::reason::Phase;
use crate::scan::{code, phrase};

/// Answers of a session that are looked at.
const MOST_ANSWERS: usize = 200;

/// A printed session.
#[derive(Default)]
pub(crate) struct Transcript {
    answers: Vec<Answer>,
    /// The status that the remote system gave first.
    pub(crate) remote: Option<EnhancedStatus>,
    /// The status that the reporting system concluded first.
    pub(crate) local: Option<EnhancedStatus>,
    /// The first reply of the remote system.
    pub(crate) reply: Option<u16>,
    /// All that was answered and concluded.
    pub(crate) text: String,
}

struct Answer {
    phase: Option<Phase>,
    plain: String,
}

impl Transcript {
    pub(crate) fn read(lines: &[&str]) -> Self {
        let mut transcript = Self::default();
        let mut phase = None;
        let mut is_session = false;
        for line in lines {
            let line = line.trim();
            is_session |= line.ends_with("Transcript of session follows -----");
            if let Some(sent) = line.strip_prefix(">>>") {
                phase = command(sent.trim_start_matches(['>', ' ']));
                is_session = true;
            } else if let Some(answer) = line.strip_prefix("<<<") {
                is_session = true;
                transcript.answered(answer.trim(), phase);
            } else if code::reply(line.get(..4).unwrap_or(line)).is_some() {
                transcript.local = transcript.local.or_else(|| code::status(line));
                transcript.add(line);
            }
            if transcript.answers.len() >= MOST_ANSWERS {
                break;
            }
        }
        if !is_session {
            // Replies within a text are no session.
            transcript.text.clear();
        }
        transcript
    }

    fn answered(&mut self, answer: &str, phase: Option<Phase>) {
        // That no recipient is left follows from what was said before.
        let is_consequence =
            code::reply(answer) == Some(503) || phrase::has(&phrase::plain(answer), &["no valid recipients"]);
        if !is_consequence {
            self.remote = self.remote.or_else(|| code::status(answer));
            self.reply = self.reply.or_else(|| code::reply(answer));
        }
        self.add(answer);
        let plain = phrase::plain(answer);
        self.answers.push(Answer { phase, plain });
    }

    fn add(&mut self, line: &str) {
        if self.text.len() < 8 << 10 {
            self.text.push_str(line);
            self.text.push(' ');
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The phase in which a diagnostic was given; without one, that of the first answer.
    pub(crate) fn phase(&self, diagnostic: &str) -> Option<Phase> {
        let plain: String = phrase::plain(diagnostic).chars().take(24).collect();
        let mut answers = self.answers.iter();
        let same = answers.find(|answer| !plain.is_empty() && answer.plain.starts_with(&plain));
        same.and_then(|answer| answer.phase)
            .or_else(|| self.answers.first().and_then(|answer| answer.phase))
    }
}

fn command(sent: &str) -> Option<Phase> {
    match sent.get(..4)?.to_ascii_uppercase().as_str() {
        "RCPT" => Some(Phase::Recipient),
        "MAIL" => Some(Phase::Mail),
        "DATA" => Some(Phase::Data),
        "HELO" | "EHLO" => Some(Phase::Connect),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_belongs_to_what_was_sent() {
        let lines = [
            ">>> RCPT To:<a@b.example>",
            "<<< 550 5.1.1 User unknown",
            ">>> DATA",
            "<<< 554 5.7.1 Spam",
            "554 5.0.0 Service unavailable",
        ];
        let transcript = Transcript::read(&lines);
        assert_eq!(transcript.phase("554 5.7.1 Spam"), Some(Phase::Data));
        assert_eq!(transcript.phase(""), Some(Phase::Recipient));
        assert_eq!(transcript.reply, Some(550));
        assert_eq!(transcript.local.map(|status| status.to_string()), Some("5.0.0".into()));
        assert!(Transcript::read(&["550 User unknown"]).is_empty());
    }
}
