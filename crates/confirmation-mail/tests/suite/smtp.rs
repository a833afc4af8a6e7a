//! Delivery over SMTP, to a scripted relay on loopback.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use ecrm_confirmation_mail::transport::{Smtp, Transport};
use ecrm_confirmation_mail::{Claimed, Lane, MailError, Outcome, claim};
use ecrm_testkit::hosts::on_each_database;

use crate::support::*;

/// What the relay does with the message, after it has taken its last byte.
#[derive(Clone, Copy)]
enum Script {
    Answer(&'static str),
    RefuseRecipient(&'static str),
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
            ("RCPT", Script::RefuseRecipient(answer)) => format!("{answer}\r\n"),
            ("DATA", _) => {
                writer.write_all(b"354 go on\r\n").unwrap();
                messages.push(message(&mut reader));
                match script {
                    Script::HangUp => return,
                    Script::Answer(answer) => format!("{answer}\r\n"),
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

fn claimed() -> Claimed {
    let mails = std::cell::RefCell::new(Vec::new());
    on_each_database("smtp", |host| {
        host.commit(|session| {
            tables(session);
            queue(session, &lamp_in_stock("1"), 3)?;
            for lane in Lane::all() {
                mails.borrow_mut().extend(claim(session, lane, 10, minutes(5), NOW)?);
            }
            Ok::<_, MailError>(())
        });
    });
    mails.into_inner().remove(0)
}

fn smtp(address: &str) -> Smtp {
    Smtp::new(address, "shop.example").with_timeout(Duration::from_secs(10))
}

#[test]
fn a_message_arrives_byte_for_byte_and_the_connection_is_used_again() {
    let (address, served) = relay(vec![Script::Answer("250 queued as 17")]);
    let mut mail = claimed();
    mail.content
        .extend_from_slice(b".a line that begins with a dot\r\n..and two\r\n");
    let mut smtp = smtp(&address);
    for _ in 0..3 {
        let Outcome::Accepted(words) = smtp.deliver(&mail) else {
            panic!("it is accepted")
        };
        assert!(words.contains("queued as 17"));
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
        let outcome = smtp(&address).deliver(&claimed());
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
    assert!(matches!(smtp(&address).deliver(&claimed()), Outcome::Uncertain(_)));
    assert_eq!(served.join().unwrap().len(), 1);
}

#[test]
fn a_connection_that_the_relay_has_closed_is_replaced_without_costing_an_attempt() {
    let (address, served) = relay(vec![Script::AcceptThenHangUp, Script::Answer("250 queued as 18")]);
    let (mut smtp, mail) = (smtp(&address), claimed());
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
    assert!(matches!(smtp(&address).deliver(&claimed()), Outcome::Transient(_)));
}
