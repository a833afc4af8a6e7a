use std::error::Error as _;
use std::fmt::{self, Display};
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;

use super::Transport;
use crate::{Claimed, Outcome, Reply};

/// Sends over SMTP (RFC 5321), on one connection that is used again. A connection that the relay has closed in the meantime is replaced
/// and costs no attempt.
///
/// ```
/// use ecrm_confirmation_mail::transport::{Relay, Smtp};
/// let relay = Relay::starttls("mail.lamps.example", "shop.lamps.example").with_login("orders", "a secret");
/// let transport = Smtp::new(relay);
/// ```
pub struct Smtp {
    relay: Relay,
    connection: Option<SmtpConnection>,
}

impl Smtp {
    /// Sends to a relay. It is connected to when the first mail is sent.
    #[must_use]
    pub fn new(relay: Relay) -> Self {
        Self {
            relay,
            connection: None,
        }
    }

    fn connect(&self) -> Result<SmtpConnection, Error> {
        let relay = &self.relay;
        let tls = relay.encryption()?;
        let at_once = tls.as_ref().filter(|_| relay.security == Security::Tls);
        let hello = ClientId::Domain(relay.hello.clone());
        // Every address that the name has is tried.
        let mut connection = SmtpConnection::connect(relay.address(), Some(relay.timeout), &hello, at_once, None)?;
        if let (Some(tls), Security::StartTls) = (&tls, relay.security) {
            connection.starttls(tls, &hello)?;
        }
        if let Some(login) = &relay.login {
            connection.auth(MECHANISMS, login)?;
        }
        Ok(connection)
    }

    /// The connection with the envelope of a mail already given.
    fn ready(&mut self, mail: &Claimed) -> Result<SmtpConnection, Outcome> {
        if let Some(mut connection) = self.connection.take() {
            match envelope(&mut connection, mail) {
                Ok(()) => return Ok(connection),
                Err(Refused::Mail(outcome)) => {
                    self.connection = reset(connection);
                    return Err(outcome);
                }
                // The relay has closed it, as relays do: nothing was sent yet.
                Err(Refused::Connection(_)) => connection.abort(),
            }
        }
        let mut connection = self.connect().map_err(|error| unreachable_relay(&error))?;
        match envelope(&mut connection, mail) {
            Ok(()) => Ok(connection),
            Err(Refused::Mail(outcome)) => {
                self.connection = reset(connection);
                Err(outcome)
            }
            Err(Refused::Connection(error)) => {
                connection.abort();
                Err(unreachable_relay(&error))
            }
        }
    }
}

impl Transport for Smtp {
    fn deliver(&mut self, mail: &Claimed) -> Outcome {
        if let Some(refusal) = self.relay.refusal() {
            return refusal;
        }
        let mut connection = match self.ready(mail) {
            Ok(connection) => connection,
            Err(outcome) => return outcome,
        };
        let result = connection.command(Body(&mail.content));
        match &result {
            Ok(_) => self.connection = Some(connection),
            Err(error) if is_answer(error) => self.connection = reset(connection),
            Err(_) => connection.abort(),
        }
        settled(result)
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Smtp({:?})", self.relay)
    }
}

/// Where mails are handed in, and how.
#[derive(Clone)]
pub struct Relay {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) hello: String,
    pub(super) security: Security,
    pub(super) login: Option<Credentials>,
    pub(super) timeout: Duration,
    root: Option<Certificate>,
}

/// How the connection to a relay is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there are these three ways")]
pub enum Security {
    /// Not at all: for a relay on the own machine, without a login.
    None,
    /// From STARTTLS on (RFC 3207). A relay that does not offer it is not used.
    StartTls,
    /// From the first byte on (RFC 8314).
    Tls,
}

impl Relay {
    /// A relay on the own machine or network that trusts it: no encryption, port 25. `hello` is the name of this machine.
    #[must_use]
    pub fn local(host: &str, hello: &str) -> Self {
        Self::new(host, 25, hello, Security::None)
    }

    /// A relay with STARTTLS, on the submission port 587.
    #[must_use]
    pub fn starttls(host: &str, hello: &str) -> Self {
        Self::new(host, 587, hello, Security::StartTls)
    }

    /// A relay with TLS from the first byte on, on port 465.
    #[must_use]
    pub fn tls(host: &str, hello: &str) -> Self {
        Self::new(host, 465, hello, Security::Tls)
    }

    fn new(host: &str, port: u16, hello: &str, security: Security) -> Self {
        Self {
            host: host.to_owned(),
            port,
            hello: hello.to_owned(),
            security,
            login: None,
            timeout: Duration::from_secs(30),
            root: None,
        }
    }

    /// The relay at another port.
    #[must_use]
    pub fn at_port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The relay with a user and a password. They are sent over an encrypted connection only.
    #[must_use]
    pub fn with_login(mut self, user: &str, password: &str) -> Self {
        self.login = Some(Credentials::new(user.to_owned(), password.to_owned()));
        self
    }

    /// The relay with another limit for each answer; 30 seconds by default.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The relay with a certificate (PEM) that is trusted beside those of the web: that of the own network.
    ///
    /// # Errors
    /// When it is no certificate.
    pub fn with_root_certificate(mut self, pem: &[u8]) -> Result<Self, ecrm_core::ValueError> {
        let broken = |_| ecrm_core::ValueError::new("certificate", "must be one in PEM");
        self.root = Some(Certificate::from_pem(pem).map_err(broken)?);
        Ok(self)
    }

    pub(super) fn address(&self) -> (&str, u16) {
        (&self.host, self.port)
    }

    /// What is needed for encryption, if it is wanted.
    pub(super) fn encryption(&self) -> Result<Option<TlsParameters>, Error> {
        if self.security == Security::None {
            return Ok(None);
        }
        let mut tls = TlsParameters::builder(self.host.clone());
        if let Some(root) = &self.root {
            tls = tls.add_root_certificate(root.clone());
        }
        tls.build_rustls().map(Some)
    }

    /// Why nothing can be sent with these settings, if so.
    pub(super) fn refusal(&self) -> Option<Outcome> {
        let open = self.security == Security::None && self.login.is_some();
        open.then(|| Outcome::Unreachable("a login needs encryption: use Relay::starttls or Relay::tls".into()))
    }
}

/// The password stays out of logs.
impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Relay({}:{}, {:?})", self.host, self.port, self.security)
    }
}

pub(super) const MECHANISMS: &[Mechanism] = &[Mechanism::Plain, Mechanism::Login];

/// Who refused: the relay refuses the mail, or the connection does not work.
pub(super) enum Refused {
    Mail(Outcome),
    Connection(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        // 421: the relay closes the channel. Everything else that it answers is about the mail.
        let closes = error.status().is_some_and(|code| code.to_string() == "421");
        if is_answer(&error) && !closes {
            Self::Mail(refused(&error))
        } else {
            Self::Connection(error)
        }
    }
}

/// What a relay says to the sender is about the shop and its settings, and condemns no mail.
pub(super) fn refused_sender(error: Error) -> Refused {
    match Refused::from(error) {
        Refused::Mail(outcome) => Refused::Mail(Outcome::Unreachable(outcome.reply().clone())),
        refused @ Refused::Connection(_) => refused,
    }
}

fn envelope(connection: &mut SmtpConnection, mail: &Claimed) -> Result<(), Refused> {
    let (sender, recipient) = addresses(mail).map_err(Refused::Mail)?;
    connection
        .command(Mail::new(Some(sender), Vec::new()))
        .map_err(refused_sender)?;
    connection.command(Rcpt::new(recipient, Vec::new()))?;
    connection.command(Data)?;
    Ok(())
}

/// Makes a connection ready for the next mail after one was refused.
fn reset(mut connection: SmtpConnection) -> Option<SmtpConnection> {
    match connection.command("RSET\r\n") {
        Ok(_) => Some(connection),
        Err(_) => {
            connection.abort();
            None
        }
    }
}

pub(super) fn addresses(mail: &Claimed) -> Result<(Address, Address), Outcome> {
    match (mail.sender.parse(), mail.recipient.parse()) {
        (Ok(sender), Ok(recipient)) => Ok((sender, recipient)),
        _ => Err(Outcome::Permanent(
            "an address of the envelope cannot be written".into(),
        )),
    }
}

/// What became of a message after its last byte: an answer is a decision, and no answer means that nobody knows.
pub(super) fn settled(result: Result<Response, Error>) -> Outcome {
    match result {
        Ok(response) => {
            let words = response.message().collect::<Vec<_>>().join(" ");
            Outcome::Accepted(Reply::new(format!("{} {words}", response.code())))
        }
        Err(error) if is_answer(&error) => refused(&error),
        Err(_) => Outcome::Uncertain("the relay's answer to the message was lost".into()),
    }
}

pub(super) fn is_answer(error: &Error) -> bool {
    error.is_permanent() || error.is_transient()
}

/// A refusal in the relay's own words, with its status code.
fn refused(error: &Error) -> Outcome {
    let code = error.status().map_or_else(String::new, |code| code.to_string());
    let words = error.source().map_or_else(String::new, ToString::to_string);
    let reply = Reply::new(format!("{code} {words}").trim().to_owned());
    if error.is_permanent() {
        Outcome::Permanent(reply)
    } else {
        Outcome::Transient(reply)
    }
}

pub(super) fn unreachable_relay(error: &Error) -> Outcome {
    Outcome::Unreachable(Reply::new(format!("the relay cannot be used: {error}")))
}

/// A message with its dots doubled and its end mark, written in one go: in two writes the second one would wait for the
/// acknowledgement of the first.
pub(super) struct Body<'a>(pub(super) &'a [u8]);

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
