//! What must be true when the killing is over.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use ecrm_confirmation_mail::{MailState, find, take_over};
use ecrm_core::{Clock, SystemClock};
use ecrm_store::{SessionExt, StoreError};

use crate::{host, worker};

/// The last worker is not killed. Then every acknowledged order is there, each order has its mail and each mail its order, each mail was
/// sent, always under one Message-ID, and one that was sent twice says that it is uncertain.
pub(crate) fn all(database: &str, folder: &Path, acknowledged: &BTreeSet<String>) {
    let mut shop = host(database);
    shop.commit(|session| take_over(session, SystemClock.now()));
    worker::deliver_all(&mut shop, folder);
    let deliveries = deliveries(folder);
    shop.commit(|session| {
        let text = |sql: &str, session: &mut dyn ecrm_store::Session| -> Result<BTreeSet<String>, StoreError> {
            Ok(session.query_all(sql, &[], |row| row.get(0))?.into_iter().collect())
        };
        let orders = text("SELECT number FROM shop_order", session)?;
        let mails = text("SELECT message_key FROM ecrm_confirmation_mail_message", session)?;
        assert!(acknowledged.is_subset(&orders), "an acknowledged order is lost");
        assert_eq!(orders, mails, "each order has its mail, and each mail its order");
        assert_eq!(
            deliveries.keys().cloned().collect::<BTreeSet<_>>(),
            mails,
            "each mail was sent, and no other"
        );
        let mut doubled = 0;
        for (key, sent) in &deliveries {
            let mail = find(session, key)?.unwrap();
            assert_eq!(mail.state, MailState::Accepted, "{key}");
            assert!(
                sent.iter().all(|(id, _)| *id == mail.message_id),
                "{key}: one Message-ID"
            );
            if sent.len() > 1 {
                doubled += 1;
                assert!(
                    mail.uncertain_at.is_some(),
                    "{key} was sent {} times, and nobody knows",
                    sent.len()
                );
                assert!(
                    sent[1..].iter().all(|(_, was_uncertain)| *was_uncertain),
                    "{key}: its worker was told"
                );
            }
        }
        println!(
            "{}: {} orders, {doubled} mails sent more than once",
            folder.file_name().unwrap().display(),
            orders.len()
        );
        Ok::<_, StoreError>(())
    });
}

/// Under which Message-ID each mail was sent, and whether its worker knew that it was uncertain.
fn deliveries(folder: &Path) -> BTreeMap<String, Vec<(String, bool)>> {
    let mut deliveries: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
    for line in fs::read_to_string(folder.join("deliveries")).unwrap().lines() {
        let words: Vec<_> = line.split(' ').collect();
        deliveries
            .entry(words[0].to_owned())
            .or_default()
            .push((words[1].to_owned(), words[2] == "true"));
    }
    deliveries
}
