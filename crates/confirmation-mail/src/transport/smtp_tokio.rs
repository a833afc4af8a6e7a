use std::fmt;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;

use tokio::time::timeout;

use super::smtp::{
    Body, MECHANISMS, Refused, Relay, Security, addresses, is_answer, refused_sender, settled, unreachable_relay,
};
use crate::{Claimed, Outcome};

/// [`Smtp`](super::Smtp) for hosts on tokio: the same relay, the same rules, and it waits without blocking.
pub struct SmtpTokio {
    relay: Relay,
    connection: Option<AsyncSmtpConnection>,
}

impl SmtpTokio {
    /// Sends to a relay. It is connected to when the first mail is sent.
    #[must_use]
    pub fn new(relay: Relay) -> Self {
        Self {
            relay,
            connection: None,
        }
    }

    /// Sends a mail and says what became of it. When the future is dropped before it ends nobody knows what became of the mail: its
    /// lease runs out, as when the process dies.
    pub async fn deliver(&mut self, mail: &Claimed) -> Outcome {
        if let Some(refusal) = self.relay.refusal() {
            return refusal;
        }
        // Each answer has its limit; until the message begins there are at most four, and nothing has been sent.
        let mut connection = match timeout(self.relay.timeout * 4, self.ready(mail)).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(outcome)) => return outcome,
            Err(_) => return Outcome::Unreachable("the relay did not answer in time".into()),
        };
        let Ok(result) = timeout(self.relay.timeout, connection.command(Body(&mail.content))).await else {
            return Outcome::Uncertain("the relay did not answer to the message in time".into());
        };
        match &result {
            Ok(_) => self.connection = Some(connection),
            Err(error) if is_answer(error) => self.connection = reset(connection).await,
            Err(_) => connection.abort().await,
        }
        settled(result)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let relay = &self.relay;
        let tls = relay.encryption()?;
        let at_once = tls.clone().filter(|_| relay.security == Security::Tls);
        let hello = ClientId::Domain(relay.hello.clone());
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(relay.address(), Some(relay.timeout), &hello, at_once, None).await?;
        if let (Some(tls), Security::StartTls) = (tls, relay.security) {
            connection.starttls(tls, &hello).await?;
        }
        if let Some(login) = &relay.login {
            connection.auth(MECHANISMS, login).await?;
        }
        Ok(connection)
    }

    /// The connection with the envelope of a mail already given; see the blocking transport.
    async fn ready(&mut self, mail: &Claimed) -> Result<AsyncSmtpConnection, Outcome> {
        if let Some(mut connection) = self.connection.take() {
            match envelope(&mut connection, mail).await {
                Ok(()) => return Ok(connection),
                Err(Refused::Mail(outcome)) => {
                    self.connection = reset(connection).await;
                    return Err(outcome);
                }
                Err(Refused::Connection(_)) => connection.abort().await,
            }
        }
        let mut connection = self.connect().await.map_err(|error| unreachable_relay(&error))?;
        match envelope(&mut connection, mail).await {
            Ok(()) => Ok(connection),
            Err(Refused::Mail(outcome)) => {
                self.connection = reset(connection).await;
                Err(outcome)
            }
            Err(Refused::Connection(error)) => {
                connection.abort().await;
                Err(unreachable_relay(&error))
            }
        }
    }
}

impl fmt::Debug for SmtpTokio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpTokio({:?})", self.relay)
    }
}

async fn envelope(connection: &mut AsyncSmtpConnection, mail: &Claimed) -> Result<(), Refused> {
    let (sender, recipient) = addresses(mail).map_err(Refused::Mail)?;
    connection
        .command(Mail::new(Some(sender), Vec::new()))
        .await
        .map_err(refused_sender)?;
    connection.command(Rcpt::new(recipient, Vec::new())).await?;
    connection.command(Data).await?;
    Ok(())
}

async fn reset(mut connection: AsyncSmtpConnection) -> Option<AsyncSmtpConnection> {
    match connection.command("RSET\r\n").await {
        Ok(_) => Some(connection),
        Err(_) => {
            connection.abort().await;
            None
        }
    }
}
