use super::Transport;
use crate::{Claimed, Outcome};

/// Keeps mails in memory and answers what it was told to: for a shop's own tests.
#[derive(Debug)]
pub struct Memory {
    answer: Outcome,
    sent: Vec<Claimed>,
}

impl Memory {
    /// Accepts every mail.
    #[must_use]
    pub fn accepting() -> Self {
        Self::answering(Outcome::Accepted("kept in memory".into()))
    }

    /// Answers every mail with an outcome.
    #[must_use]
    pub fn answering(answer: Outcome) -> Self {
        Self {
            answer,
            sent: Vec::new(),
        }
    }

    /// The mails so far.
    #[must_use]
    pub fn sent(&self) -> &[Claimed] {
        &self.sent
    }
}

impl Transport for Memory {
    fn deliver(&mut self, mail: &Claimed) -> Outcome {
        self.sent.push(mail.clone());
        self.answer.clone()
    }
}
