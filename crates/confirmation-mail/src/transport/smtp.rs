use std::fmt::{self, Display};
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::SmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;

use super::Transport;
use crate::{Claimed, Outcome};

/// Sends over SMTP (RFC 5321) to a relay on the own machine or network, on one connection that is used again.
///
/// There is no encryption and no log-in yet: use it for a relay that trusts this machine.
pub struct Smtp {
    address: String,
    hello: ClientId,
    timeout: Duration,
    connection: Option<SmtpConnection>,
}

impl Smtp {
    /// A relay, such as `localhost:25`, which is greeted by the name of this machine.
    #[must_use]
    pub fn new(address: &str, hello: &str) -> Self {
        Self {
            address: address.to_owned(),
            hello: ClientId::Domain(hello.to_owned()),
            timeout: Duration::from_secs(30),
            connection: None,
        }
    }

    /// The relay with another limit for each answer; 30 seconds by default.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    fn connect(&self) -> Result<SmtpConnection, Outcome> {
        // Every address that the name has is tried.
        SmtpConnection::connect(self.address.as_str(), Some(self.timeout), &self.hello, None, None)
            .map_err(|error| Outcome::Transient(format!("the relay cannot be reached: {error}")))
    }

    /// The connection, if it still answers; else a new one. A connection that the relay has closed costs no attempt.
    fn ready(&mut self) -> Result<SmtpConnection, Outcome> {
        if let Some(mut connection) = self.connection.take()
            && connection.test_connected()
        {
            return Ok(connection);
        }
        self.connect()
    }
}

impl Transport for Smtp {
    fn deliver(&mut self, mail: &Claimed) -> Outcome {
        let mut connection = match self.ready() {
            Ok(connection) => connection,
            Err(outcome) => return outcome,
        };
        let outcome = send(&mut connection, mail);
        if matches!(outcome, Outcome::Accepted(_)) {
            self.connection = Some(connection);
        } else {
            connection.abort();
        }
        outcome
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Smtp({})", self.address)
    }
}

fn send(connection: &mut SmtpConnection, mail: &Claimed) -> Outcome {
    let (Ok(sender), Ok(recipient)) = (mail.sender.parse(), mail.recipient.parse()) else {
        return Outcome::Permanent("an address of the envelope cannot be written".to_owned());
    };
    if let Err(error) = envelope(connection, sender, recipient) {
        return refused(&error);
    }
    match connection.command(Body(&mail.content)) {
        Ok(response) => Outcome::Accepted(response.message().collect::<Vec<_>>().join(" ")),
        // After the last byte an answer is a decision; no answer means that nobody knows.
        Err(error) if error.is_permanent() || error.is_transient() => refused(&error),
        Err(_) => Outcome::Uncertain("the relay's answer to the message was lost".to_owned()),
    }
}

fn envelope(connection: &mut SmtpConnection, sender: Address, recipient: Address) -> Result<(), Error> {
    connection.command(Mail::new(Some(sender), Vec::new()))?;
    connection.command(Rcpt::new(recipient, Vec::new()))?;
    connection.command(Data)?;
    Ok(())
}

fn refused(error: &Error) -> Outcome {
    let code = error
        .status()
        .map_or_else(|| "no answer".to_owned(), |code| code.to_string());
    if error.is_permanent() {
        Outcome::Permanent(format!("the relay refuses the mail: {code}"))
    } else {
        Outcome::Transient(format!("the relay does not take the mail now: {code}"))
    }
}

/// A message with its dots doubled and its end mark, written in one go: in two writes the second one would wait for the
/// acknowledgement of the first.
struct Body<'a>(&'a [u8]);

impl Display for Body<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Composed messages are ASCII: everything else is encoded by MIME.
        for line in String::from_utf8_lossy(self.0).split_inclusive("\r\n") {
            if line.starts_with('.') {
                f.write_str(".")?;
            }
            f.write_str(line)?;
        }
        if !self.0.ends_with(b"\r\n") {
            f.write_str("\r\n")?;
        }
        f.write_str(".\r\n")
    }
}
