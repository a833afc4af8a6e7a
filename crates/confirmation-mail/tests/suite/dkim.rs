//! Signatures, checked by an independent verifier: dkimpy, in Python, with the public key in the place of the DNS.

use std::fs;
use std::process::Command;

use ecrm_confirmation_mail::{Dkim, MailRequest, Sample};
use ecrm_core::SeededIds;
use tempfile::tempdir;

use crate::support::*;

const VERIFIER: &str = r"
import base64, dkim, subprocess, sys
folder, kind, key = sys.argv[1:4]
record = ('v=DKIM1; k=%s; p=%s' % (kind, key)).encode()
for name in sys.argv[4:]:
    message = open(folder + '/' + name, 'rb').read()
    print(name, dkim.verify(message, dnsfunc=lambda domain, timeout=5: record))
";

/// What the verifier says of messages; nothing where it is not installed.
fn verify(kind: &str, key: &str, messages: &[(&str, Vec<u8>)]) -> Option<String> {
    let folder = tempdir().unwrap();
    for (name, message) in messages {
        fs::write(folder.path().join(name), message).unwrap();
    }
    for python in ["python3", "/usr/bin/python3"] {
        let names = messages.iter().map(|(name, _)| *name);
        let output = Command::new(python)
            .args(["-c", VERIFIER])
            .arg(folder.path())
            .args([kind, key])
            .args(names)
            .output();
        if let Some(output) = output.ok().filter(|output| output.status.success()) {
            return Some(String::from_utf8(output.stdout).unwrap());
        }
    }
    assert!(
        std::env::var_os("ECRM_REQUIRE_DKIM").is_none(),
        "dkimpy for python3 must be there"
    );
    println!("dkimpy for python3 is not here: signatures are not verified");
    None
}

/// Every notice, signed, and one of them changed afterwards.
fn signed(dkim: Dkim) -> Vec<(&'static str, Vec<u8>)> {
    let signing = mailer()
        .with_reply_to("help@lamps.example".parse().unwrap())
        .with_dkim(dkim);
    let sample = Sample::new().unwrap();
    let recipient = sample.recipient("de").unwrap();
    let mut messages: Vec<_> = [
        ("1.eml", "order_received"),
        ("2.eml", "cart_left"),
        ("3.eml", "invoice_issued"),
    ]
    .into_iter()
    .map(|(name, title)| {
        let (_, notice) = sample.notices().into_iter().find(|(known, _)| *known == title).unwrap();
        let request = MailRequest::new("key", &recipient, notice);
        let mail = signing.compose(&request, &SeededIds::new(1), NOW).unwrap();
        (name, mail.content().to_vec())
    })
    .collect();
    let forged = String::from_utf8(messages[0].1.clone())
        .unwrap()
        .replace("Subject: ", "Subject: Forged: ");
    messages.push(("4.eml", forged.into_bytes()));
    let answered_elsewhere = String::from_utf8(messages[0].1.clone())
        .unwrap()
        .replace("help@lamps.example", "help@forger.example");
    messages.push(("5.eml", answered_elsewhere.into_bytes()));
    messages
}

const VERDICT: &str = "1.eml True\n2.eml True\n3.eml True\n4.eml False\n5.eml False\n";

#[test]
fn an_rsa_signature_is_verified_and_a_change_is_found() {
    let folder = tempdir().unwrap();
    let pem = folder.path().join("key.pem");
    let made = Command::new("openssl")
        .args(["genrsa", "-traditional", "-out"])
        .arg(&pem)
        .arg("2048")
        .output();
    if !made.is_ok_and(|made| made.status.success()) {
        println!("openssl is not here: no RSA key to sign with");
        return;
    }
    let public = Command::new("openssl")
        .args(["rsa", "-pubout", "-outform", "PEM", "-in"])
        .arg(&pem)
        .output()
        .unwrap();
    let public = String::from_utf8(public.stdout).unwrap();
    let key: String = public.lines().filter(|line| !line.starts_with('-')).collect();
    let dkim = Dkim::rsa("mail", "lamps.example", &fs::read_to_string(&pem).unwrap()).unwrap();
    assert_eq!(format!("{dkim:?}"), "Dkim(…)");
    if let Some(verdict) = verify("rsa", &key, &signed(dkim)) {
        assert_eq!(verdict, VERDICT);
    }
}

#[test]
fn a_signature_covers_what_receivers_look_at() {
    let key = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="; // RFC 8463, appendix A.2
    let messages = signed(Dkim::ed25519("brisbane", "lamps.example", key).unwrap());
    let message = String::from_utf8(messages[1].1.clone())
        .unwrap()
        .replace("\r\n ", " ")
        .replace("\r\n\t", " ");
    let signature = message
        .lines()
        .find(|line| line.starts_with("DKIM-Signature: "))
        .unwrap();
    for part in [
        "d=lamps.example",
        "s=brisbane",
        "a=ed25519-sha256",
        "from:reply-to:",
        ":message-id:",
        "list-unsubscribe:list-unsubscribe-post",
    ] {
        assert!(signature.contains(part), "{part} in {signature}");
    }
}

#[test]
fn what_is_no_key_or_no_name_is_refused() {
    assert!(Dkim::rsa("mail", "lamps.example", "no key").is_err());
    assert!(Dkim::ed25519("mail", "lamps.example", "short").is_err());
    let key = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
    assert!(Dkim::ed25519("a b", "lamps.example", key).is_err());
    assert!(Dkim::ed25519("mail", "lamps.example; x=", key).is_err());
}
