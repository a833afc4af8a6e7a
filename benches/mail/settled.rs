use std::time::Instant;

use chrono::TimeDelta;
use ecrm::confirmation_mail::{Lane, Outcome, Pace, claim, enqueue, settle};
use ecrm::core::{Channel, SeededIds};
use ecrm::sqlite::SqliteSession;
use ecrm::store::may_contact;

use crate::shop::{NOW, Shop, compose, lean_mailer, order};

const MAILS: usize = 2000;
const SETTLED: usize = 1_000_000;

/// Claiming and settling, in an empty outbox and beside a million mails that are done.
pub(crate) fn run() {
    let mut shop = Shop::new();
    let empty = round(&mut shop, 0);
    fill(&mut shop);
    let full = round(&mut shop, MAILS);
    println!("ecrm/claim-settle\t{empty:.9}\t{MAILS} mails in an empty outbox");
    println!("ecrm/claim-settle-beside-a-million\t{full:.9}\t{MAILS} mails beside {SETTLED} settled ones");
}

/// Seconds for each mail.
fn round(shop: &mut Shop, from: usize) -> f64 {
    let (ids, mailer) = (SeededIds::new(7 + from as u64), lean_mailer());
    let transaction = shop.begin();
    let mut session = SqliteSession::new(&transaction).unwrap();
    for number in from..from + MAILS {
        let (buyer, order) = order(number, &ids);
        let mail = compose(&mailer, number, &buyer, &order, &ids);
        let permission = may_contact(&mut session, &buyer, mail.purpose(), Channel::Email, NOW)
            .unwrap()
            .unwrap();
        enqueue(&mut session, &permission, &mail, &ids, NOW).unwrap();
    }
    transaction.commit().unwrap();
    let (start, mut sent) = (Instant::now(), 0);
    for lane in Lane::all() {
        loop {
            let transaction = shop.begin();
            let mut session = SqliteSession::new(&transaction).unwrap();
            let mails = claim(&mut session, lane, 32, TimeDelta::minutes(5), &Pace::unlimited(), NOW).unwrap();
            transaction.commit().unwrap();
            if mails.is_empty() {
                break;
            }
            for mail in mails {
                let transaction = shop.begin();
                let mut session = SqliteSession::new(&transaction).unwrap();
                settle(
                    &mut session,
                    &mail,
                    &Outcome::Accepted("250 2.0.0 ok".into()),
                    &ids,
                    NOW,
                )
                .unwrap();
                transaction.commit().unwrap();
                sent += 1;
            }
        }
    }
    assert_eq!(sent, MAILS);
    start.elapsed().as_secs_f64() / MAILS as f64
}

/// Copies settled rows until there are a million.
fn fill(shop: &mut Shop) {
    let columns: Vec<String> = {
        let mut names = shop
            .connection
            .prepare("SELECT name FROM pragma_table_info('ecrm_confirmation_mail_message')")
            .unwrap();
        names
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    let copied: Vec<_> = columns
        .iter()
        .map(|name| {
            if name == "message_key" {
                "message_key || '/' || n".to_owned()
            } else {
                name.clone()
            }
        })
        .collect();
    let sql = format!(
        "WITH RECURSIVE copies(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < {})
         INSERT INTO ecrm_confirmation_mail_message ({}) SELECT {} FROM ecrm_confirmation_mail_message, copies",
        SETTLED / MAILS,
        columns.join(", "),
        copied.join(", ")
    );
    shop.connection.execute(&sql, []).unwrap();
}
