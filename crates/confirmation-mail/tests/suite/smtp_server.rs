//! Delivery to a real server: aiosmtpd, in Python, plain, with STARTTLS and login, and with TLS from the first byte on.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ecrm_confirmation_mail::transport::{Relay, Smtp, Transport};
use ecrm_confirmation_mail::{Claimed, Outcome};
use tempfile::{TempDir, tempdir};

use crate::support::*;

/// Keeps each message in a file, and prints its port when it is ready.
const SERVER: &str = r"
import asyncio, os, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

folder, mode = sys.argv[1], sys.argv[2]

class Keep:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith('nobody@'):
            return '550 5.1.1 no such mailbox here'
        envelope.rcpt_tos.append(address)
        return '250 2.1.5 ok'
    async def handle_DATA(self, server, session, envelope):
        number = len([name for name in os.listdir(folder) if name.endswith('.eml')])
        with open(os.path.join(folder, '%03d.eml' % number), 'wb') as file:
            file.write(envelope.content)
        with open(os.path.join(folder, 'envelopes'), 'a') as file:
            file.write('%s %s %s\n' % (envelope.mail_from, ','.join(envelope.rcpt_tos), session.peer[1]))
        return '250 2.0.0 kept'

def authenticate(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and data.login == b'shop' and data.password == b'a secret'
    return AuthResult(success=good, handled=good)

async def main():
    context = None
    if mode != 'plain':
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(folder, 'cert.pem'), os.path.join(folder, 'key.pem'))
    def factory():
        if mode == 'plain':
            return SMTP(Keep())
        extra = dict(tls_context=context, require_starttls=True) if mode == 'starttls' else dict(auth_require_tls=False)
        return SMTP(Keep(), authenticator=authenticate, auth_required=True, **extra)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(factory, '127.0.0.1', 0, ssl=context if mode == 'tls' else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
";

struct Server {
    child: Child,
    folder: TempDir,
    port: u16,
}

impl Server {
    /// The server, or nothing where it is not installed.
    fn start(mode: &str) -> Option<Self> {
        // The distribution's package belongs to its own Python, which need not be the first one.
        let started = ["python3", "/usr/bin/python3"]
            .iter()
            .find_map(|python| Self::start_with(python, mode));
        if started.is_none() {
            assert!(
                std::env::var_os("ECRM_REQUIRE_SMTP").is_none(),
                "aiosmtpd for python3 must be there"
            );
            println!("aiosmtpd for python3 is not here: delivery to a real server is not tested");
        }
        started
    }

    fn start_with(python: &str, mode: &str) -> Option<Self> {
        let folder = tempdir().unwrap();
        if mode != "plain" {
            certificate(folder.path());
        }
        let mut child = Command::new(python)
            .args(["-c", SERVER])
            .arg(folder.path())
            .arg(mode)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take()?).read_line(&mut line).ok()?;
        match line.trim().parse() {
            Ok(port) => Some(Self { child, folder, port }),
            Err(_) => {
                child.wait().ok()?;
                None
            }
        }
    }

    fn trusted(&self, relay: Relay) -> Relay {
        let pem = fs::read(self.folder.path().join("cert.pem")).unwrap();
        relay
            .at_port(self.port)
            .with_timeout(Duration::from_secs(10))
            .with_root_certificate(&pem)
            .unwrap()
    }

    fn messages(&self) -> Vec<Vec<u8>> {
        let mut files: Vec<_> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.retain(|file| file.extension().is_some_and(|ending| ending == "eml"));
        files.sort();
        files.iter().map(|file| fs::read(file).unwrap()).collect()
    }

    /// Sender, recipient and port of the client for each message.
    fn envelopes(&self) -> Vec<String> {
        fs::read_to_string(self.folder.path().join("envelopes"))
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A certificate of its own for `localhost`.
fn certificate(folder: &Path) {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
        ])
        .args([
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ])
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("cert.pem"))
        .stderr(Stdio::null())
        .status();
    assert!(made.is_ok_and(|status| status.success()), "openssl makes a certificate");
}

fn check(server: &Server, mails: &[Claimed]) {
    let kept = server.messages();
    assert_eq!(kept.len(), mails.len());
    for mail in mails {
        assert!(kept.contains(&mail.content), "it arrives byte for byte");
    }
    let envelopes = server.envelopes();
    let first = envelopes[0].rsplit_once(' ').unwrap();
    assert_eq!(first.0, "orders@lamps.example ada@mail.example");
    assert!(
        envelopes.iter().all(|envelope| envelope.ends_with(first.1)),
        "over one connection"
    );
}

#[test]
fn a_real_server_gets_every_mail_over_one_connection() {
    let Some(server) = Server::start("plain") else { return };
    let mails = claimed(8);
    let mut smtp = Smtp::new(Relay::local("127.0.0.1", "shop.example").at_port(server.port));
    for mail in &mails {
        let Outcome::Accepted(reply) = smtp.deliver(mail) else {
            panic!("it is accepted")
        };
        assert_eq!(
            (reply.status, reply.text.as_str()),
            ("2.0.0".parse().ok(), "250 2.0.0 kept")
        );
    }
    check(&server, &mails);
}

#[test]
fn a_refused_recipient_costs_neither_the_connection_nor_the_next_mail() {
    let Some(server) = Server::start("plain") else { return };
    let mails = claimed(2);
    let mut smtp = Smtp::new(Relay::local("127.0.0.1", "shop.example").at_port(server.port));
    let mut nobody = mails[0].clone();
    nobody.recipient = "nobody@mail.example".to_owned();
    for _ in 0..2 {
        assert!(matches!(smtp.deliver(&mails[0]), Outcome::Accepted(_)));
        let Outcome::Permanent(reply) = smtp.deliver(&nobody) else {
            panic!("it is refused")
        };
        assert_eq!(reply.status, "5.1.1".parse().ok());
    }
    let ports: std::collections::BTreeSet<_> = server
        .envelopes()
        .iter()
        .map(|line| line.rsplit(' ').next().unwrap().to_owned())
        .collect();
    assert_eq!(ports.len(), 1);
}

#[test]
fn a_real_server_is_logged_in_to_over_an_encrypted_connection_only() {
    for mode in ["starttls", "tls"] {
        let Some(server) = Server::start(mode) else { return };
        let relay = || {
            if mode == "tls" {
                Relay::tls("localhost", "shop.example")
            } else {
                Relay::starttls("localhost", "shop.example")
            }
        };
        let mails = claimed(3);
        let mut smtp = Smtp::new(server.trusted(relay()).with_login("shop", "a secret"));
        for mail in &mails {
            assert!(
                matches!(smtp.deliver(mail), Outcome::Accepted(_)),
                "{mode}: {:?}",
                smtp.deliver(mail).reply().text
            );
        }
        check(&server, &mails);
        let wrong = Smtp::new(server.trusted(relay()).with_login("shop", "wrong")).deliver(&mails[0]);
        assert!(
            matches!(wrong, Outcome::Unreachable(_)),
            "{mode}: a wrong password condemns no mail: {wrong:?}"
        );
        let stranger = relay().at_port(server.port).with_login("shop", "a secret");
        let refused = Smtp::new(stranger).deliver(&mails[0]);
        assert!(
            matches!(refused, Outcome::Unreachable(_)),
            "{mode}: a certificate that nobody trusts: {refused:?}"
        );
    }
}

#[cfg(feature = "smtp-tokio")]
#[test]
fn the_transport_for_tokio_delivers_as_the_blocking_one_does() {
    use ecrm_confirmation_mail::transport::SmtpTokio;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for mode in ["plain", "starttls", "tls"] {
        let Some(server) = Server::start(mode) else { return };
        let relay = match mode {
            "plain" => Relay::local("127.0.0.1", "shop.example").at_port(server.port),
            "tls" => server
                .trusted(Relay::tls("localhost", "shop.example"))
                .with_login("shop", "a secret"),
            _ => server
                .trusted(Relay::starttls("localhost", "shop.example"))
                .with_login("shop", "a secret"),
        };
        let mails = claimed(3);
        let mut smtp = SmtpTokio::new(relay);
        runtime.block_on(async {
            for mail in &mails {
                let outcome = smtp.deliver(mail).await;
                assert!(
                    matches!(outcome, Outcome::Accepted(_)),
                    "{mode}: {}",
                    outcome.reply().text
                );
            }
            let mut nobody = mails[0].clone();
            nobody.recipient = "nobody@mail.example".to_owned();
            assert!(matches!(smtp.deliver(&nobody).await, Outcome::Permanent(_)));
        });
        check(&server, &mails);
    }
}

#[cfg(feature = "smtp-tokio")]
#[test]
fn the_transport_for_tokio_replaces_a_connection_that_the_server_has_closed() {
    use ecrm_confirmation_mail::transport::SmtpTokio;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let Some(server) = Server::start("plain") else { return };
    let mails = claimed(1);
    let port = server.port;
    let mut smtp = SmtpTokio::new(Relay::local("127.0.0.1", "shop.example").at_port(port));
    runtime.block_on(async {
        assert!(matches!(smtp.deliver(&mails[0]).await, Outcome::Accepted(_)));
        drop(server);
        let outcome = smtp.deliver(&mails[0]).await;
        assert!(
            matches!(outcome, Outcome::Unreachable(_)),
            "nobody is there any more, and nothing was sent: {outcome:?}"
        );
    });
}
