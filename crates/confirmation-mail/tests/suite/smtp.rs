//! Delivery over SMTP, to a scripted relay on loopback.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use ecrm_confirmation_mail::Outcome;
use ecrm_confirmation_mail::transport::{Relay, Smtp, Transport};

use crate::support::*;

/// What the relay does with the message, after it has taken its last byte.
#[derive(Clone, Copy)]
enum Script {
    Answer(&'static str),
    /// One answer for each message.
    Answers(&'static [&'static str]),
    RefuseRecipient(&'static str),
    RefuseSender(&'static str),
    HangUp,
    AcceptThenHangUp,
}

/// A relay that serves connections by a script each, and returns what it was sent.
fn relay(scripts: Vec<Script>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let served = thread::spawn(move || {
        let mut messages = Vec::new();
        for script in scripts {
            let (stream, _) = listener.accept().unwrap();
            serve(stream, script, &mut messages);
        }
        messages
    });
    (address, served)
}

fn serve(stream: TcpStream, script: Script, messages: &mut Vec<String>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    writer.write_all(b"220 relay ready\r\n").unwrap();
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|read| read > 0) {
        let word = line.split([' ', '\r']).next().unwrap_or_default().to_uppercase();
        let answer = match (word.as_str(), script) {
            ("EHLO", _) => "250-relay\r\n250 8BITMIME\r\n".to_owned(),
            ("RCPT", Script::RefuseRecipient(answer)) | ("MAIL", Script::RefuseSender(answer)) => {
                format!("{answer}\r\n")
            }
            ("DATA", _) => {
                writer.write_all(b"354 go on\r\n").unwrap();
                messages.push(message(&mut reader));
                match script {
                    Script::HangUp => return,
                    Script::Answer(answer) => format!("{answer}\r\n"),
                    Script::Answers(answers) => format!("{}\r\n", answers[messages.len() - 1]),
                    _ => "250 queued as 17\r\n".to_owned(),
                }
            }
            ("QUIT", _) => return,
            _ => "250 ok\r\n".to_owned(),
        };
        writer.write_all(answer.as_bytes()).unwrap();
        if matches!(script, Script::AcceptThenHangUp) && answer.contains("queued") {
            return;
        }
        line.clear();
    }
}

/// A message up to its end mark, with its doubled dots made single again.
fn message(reader: &mut impl BufRead) -> String {
    let mut message = String::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line == ".\r\n" {
            return message;
        }
        message.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

fn smtp(address: &str) -> Smtp {
    let (host, port) = address.split_once(':').unwrap();
    let relay = Relay::local(host, "shop.example").at_port(port.parse().unwrap());
    Smtp::new(relay.with_timeout(Duration::from_secs(10)))
}

#[test]
fn a_message_arrives_byte_for_byte_and_the_connection_is_used_again() {
    let (address, served) = relay(vec![Script::Answer("250 queued as 17")]);
    let mut mail = claimed(1).remove(0);
    mail.content
        .extend_from_slice(b".a line that begins with a dot\r\n..and two\r\n");
    let mut smtp = smtp(&address);
    for _ in 0..3 {
        let Outcome::Accepted(words) = smtp.deliver(&mail) else {
            panic!("it is accepted")
        };
        assert!(words.text.contains("queued as 17"));
    }
    drop(smtp);
    let messages = served.join().unwrap();
    assert_eq!(messages.len(), 3);
    assert_eq!(messages[2].as_bytes(), mail.content);
}

#[test]
fn a_refusal_is_permanent_or_to_be_tried_again_as_the_relay_says() {
    let scripts = [
        (Script::Answer("554 5.7.1 no"), true),
        (Script::Answer("451 4.3.0 later"), false),
        (Script::RefuseRecipient("550 5.1.1 unknown"), true),
        (Script::RefuseRecipient("450 4.2.0 greylisted"), false),
    ];
    for (script, is_permanent) in scripts {
        let (address, served) = relay(vec![script]);
        let outcome = smtp(&address).deliver(&claimed(1)[0]);
        let expected = if is_permanent {
            matches!(outcome, Outcome::Permanent(_))
        } else {
            matches!(outcome, Outcome::Transient(_))
        };
        assert!(expected, "{outcome:?}");
        served.join().unwrap();
    }
}

#[test]
fn a_relay_that_hangs_up_after_the_message_leaves_its_fate_uncertain() {
    let (address, served) = relay(vec![Script::HangUp]);
    assert!(matches!(smtp(&address).deliver(&claimed(1)[0]), Outcome::Uncertain(_)));
    assert_eq!(served.join().unwrap().len(), 1);
}

#[test]
fn a_connection_that_the_relay_has_closed_is_replaced_without_costing_an_attempt() {
    let (address, served) = relay(vec![Script::AcceptThenHangUp, Script::Answer("250 queued as 18")]);
    let (mut smtp, mail) = (smtp(&address), claimed(1).remove(0));
    assert!(matches!(smtp.deliver(&mail), Outcome::Accepted(_)));
    assert!(matches!(smtp.deliver(&mail), Outcome::Accepted(_)));
    drop(smtp);
    assert_eq!(served.join().unwrap().len(), 2);
}

#[test]
fn a_relay_that_is_not_there_puts_the_mail_off() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().to_string()
    };
    assert!(matches!(
        smtp(&address).deliver(&claimed(1)[0]),
        Outcome::Unreachable(_)
    ));
}

#[test]
fn the_words_and_the_status_code_of_a_refusal_are_kept() {
    let (address, served) = relay(vec![Script::RefuseRecipient("550 5.1.1 no such user here")]);
    let Outcome::Permanent(reply) = smtp(&address).deliver(&claimed(1)[0]) else {
        panic!("it is refused")
    };
    assert_eq!(
        (reply.status, reply.text.as_str()),
        ("5.1.1".parse().ok(), "550 5.1.1 no such user here")
    );
    served.join().unwrap();
}

#[test]
fn a_relay_that_refuses_the_sender_condemns_no_mail() {
    let (address, served) = relay(vec![Script::RefuseSender("550 5.7.1 relaying denied")]);
    assert!(matches!(
        smtp(&address).deliver(&claimed(1)[0]),
        Outcome::Unreachable(_)
    ));
    assert!(served.join().unwrap().is_empty());
}

#[test]
fn a_refused_mail_does_not_cost_the_connection() {
    let (address, served) = relay(vec![Script::Answers(&["554 5.7.1 no", "250 queued as 18"])]);
    let (mut smtp, mail) = (smtp(&address), claimed(1).remove(0));
    assert!(matches!(smtp.deliver(&mail), Outcome::Permanent(_)));
    assert!(matches!(smtp.deliver(&mail), Outcome::Accepted(_)));
    drop(smtp);
    assert_eq!(served.join().unwrap().len(), 2, "over one connection");
}

#[test]
fn a_password_is_never_sent_without_encryption() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let relay = Relay::local("127.0.0.1", "shop.example")
        .at_port(port)
        .with_login("shop", "a secret");
    assert!(!format!("{relay:?}").contains("secret"));
    assert!(matches!(
        Smtp::new(relay).deliver(&claimed(1)[0]),
        Outcome::Unreachable(_)
    ));
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "nobody has connected");
}

#[test]
fn a_relay_that_offers_no_encryption_where_it_is_wanted_is_not_used() {
    let (address, served) = relay(vec![Script::Answer("250 queued")]);
    let port = address.rsplit(':').next().unwrap().parse().unwrap();
    let relay = Relay::starttls("127.0.0.1", "shop.example").at_port(port);
    assert!(matches!(
        Smtp::new(relay).deliver(&claimed(1)[0]),
        Outcome::Unreachable(_)
    ));
    assert!(served.join().unwrap().is_empty());
}

#[test]
fn a_relay_that_says_nothing_is_waited_for_no_longer_than_its_limit() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let relay = Relay::local("127.0.0.1", "shop.example")
        .at_port(port)
        .with_timeout(Duration::from_millis(200));
    assert!(matches!(
        Smtp::new(relay).deliver(&claimed(1)[0]),
        Outcome::Unreachable(_)
    ));
}
