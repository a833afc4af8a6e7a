use std::time::Instant;

use ecrm::confirmation_mail::{ComposedMail, enqueue};
use ecrm::core::{Channel, Recipient, SeededIds};
use ecrm::sqlite::SqliteSession;
use ecrm::sqlite::rusqlite::params;
use ecrm::store::may_contact;

use crate::shop::{NOW, Shop, compose, mailer, order};

const MAILS: usize = 3000;

/// Queueing, one transaction for each order, beside bare INSERTs of the same two rows into the same tables in as many transactions.
pub(crate) fn run() {
    let (ids, mailer) = (SeededIds::new(1), mailer());
    let mails: Vec<(Recipient, ComposedMail)> = (0..MAILS)
        .map(|number| {
            let (buyer, order) = order(number, &ids);
            let mail = compose(&mailer, number, &buyer, &order, &ids);
            (buyer, mail)
        })
        .collect();
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let mut shop = Shop::new();
        let start = Instant::now();
        for (buyer, mail) in &mails {
            let transaction = shop.begin();
            let mut session = SqliteSession::new(&transaction).unwrap();
            let permission = may_contact(&mut session, buyer, mail.purpose(), Channel::Email, NOW)
                .unwrap()
                .unwrap();
            enqueue(&mut session, &permission, mail, &ids, NOW).unwrap();
            transaction.commit().unwrap();
        }
        ours.push(start.elapsed().as_secs_f64());
        bare.push(insert_rows_of(&mut shop));
    }
    for (name, mut seconds) in [("ecrm/enqueue", ours), ("rusqlite/insert", bare)] {
        seconds.sort_by(f64::total_cmp);
        let each = seconds[2] / MAILS as f64;
        println!("{name}\t{each:.9}\t{MAILS} transactions, {:.0}/s", 1.0 / each);
    }
}

/// The same rows once more, in another database: two INSERTs in each transaction.
fn insert_rows_of(from: &mut Shop) -> f64 {
    let rows = |from: &mut Shop, sql: &str| -> Vec<Vec<ecrm::sqlite::rusqlite::types::Value>> {
        let mut select = from.connection.prepare(sql).unwrap();
        let width = select.column_count();
        let row = |row: &ecrm::sqlite::rusqlite::Row<'_>| (0..width).map(|at| row.get(at)).collect();
        select.query_map(params![], row).unwrap().map(Result::unwrap).collect()
    };
    let order = "ORDER BY enqueued_at, mail_id";
    let messages = rows(from, &format!("SELECT * FROM ecrm_confirmation_mail_message {order}"));
    let contents = rows(
        from,
        &format!(
            "SELECT c.* FROM ecrm_confirmation_mail_content c JOIN ecrm_confirmation_mail_message m USING (lane, message_key) {order}"
        ),
    );
    let mut to = Shop::new();
    let marks = |row: &[ecrm::sqlite::rusqlite::types::Value]| vec!["?"; row.len()].join(", ");
    let message = format!(
        "INSERT INTO ecrm_confirmation_mail_message VALUES ({})",
        marks(&messages[0])
    );
    let content = format!(
        "INSERT INTO ecrm_confirmation_mail_content VALUES ({})",
        marks(&contents[0])
    );
    let start = Instant::now();
    for (one, other) in messages.iter().zip(&contents) {
        let transaction = to.begin();
        for (sql, row) in [(&message, one), (&content, other)] {
            let mut statement = transaction.prepare_cached(sql).unwrap();
            statement
                .execute(ecrm::sqlite::rusqlite::params_from_iter(row))
                .unwrap();
        }
        transaction.commit().unwrap();
    }
    start.elapsed().as_secs_f64()
}
