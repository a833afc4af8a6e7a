use std::time::Instant;

use chrono::TimeDelta;
use ecrm::confirmation_mail::transport::{Relay, Smtp, SmtpTokio, Transport};
use ecrm::confirmation_mail::{Claimed, Lane, Outcome, Pace, claim, enqueue};
use ecrm::core::{Channel, SeededIds};
use ecrm::sqlite::SqliteSession;
use ecrm::store::may_contact;

use crate::shop::{NOW, Shop, compose, lean_mailer, order};

const MAILS: usize = 2000;

/// Sending over one connection to the sink of the yardstick, blocking and on tokio.
pub(crate) fn run(port: u16) {
    let mails = claimed();
    let relay = || Relay::local("127.0.0.1", "localhost").at_port(port);
    for _ in 0..3 {
        let mut smtp = Smtp::new(relay());
        let start = Instant::now();
        for mail in &mails {
            assert!(matches!(smtp.deliver(mail), Outcome::Accepted(_)));
        }
        tell("ecrm/smtp", start);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for _ in 0..3 {
        let mut smtp = SmtpTokio::new(relay());
        let start = Instant::now();
        runtime.block_on(async {
            for mail in &mails {
                assert!(matches!(smtp.deliver(mail).await, Outcome::Accepted(_)));
            }
        });
        tell("ecrm/smtp-tokio", start);
    }
}

fn tell(name: &str, start: Instant) {
    let seconds = start.elapsed().as_secs_f64() / MAILS as f64;
    println!(
        "{name}\t{seconds:.9}\t{MAILS} mails over one connection, {:.0}/s",
        1.0 / seconds
    );
}

/// Mails of the yardstick's size, as a worker gets them.
fn claimed() -> Vec<Claimed> {
    let (ids, mailer) = (SeededIds::new(1), lean_mailer());
    let mut shop = Shop::new();
    let transaction = shop.begin();
    let mut session = SqliteSession::new(&transaction).unwrap();
    for number in 0..MAILS {
        let (buyer, order) = order(number, &ids);
        let mail = compose(&mailer, number, &buyer, &order, &ids);
        let permission = may_contact(&mut session, &buyer, mail.purpose(), Channel::Email, NOW)
            .unwrap()
            .unwrap();
        enqueue(&mut session, &permission, &mail, &ids, NOW).unwrap();
    }
    let limit = u32::try_from(MAILS).unwrap();
    let claim = |lane| claim(&mut session, lane, limit, TimeDelta::hours(1), &Pace::unlimited(), NOW).unwrap();
    Lane::all().flat_map(claim).collect()
}
