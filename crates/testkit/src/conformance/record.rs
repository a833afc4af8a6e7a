//! The shared record: customers, identifiers, attributes, change notes, the registry.

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_core::{
    Attribute, AttributeName, AttributeValue, ContactData, Customer, CustomerId, ExternalRef, Identifier, PersonName,
    SeededIds, Source, Subject,
};
use ecrm_store::changes::ChangeKind;
use ecrm_store::external_refs::{self, Target};
use ecrm_store::{
    ACTIVITY, CONSENT, METRIC, Module, PROMISE, RECORD, STORE, Session, SessionExt, StoreErrorKind, attributes,
    changes, customers, identifiers, migrate, registry,
};

use super::Database;
use super::cases;
use super::check::{Outcome, committed, ensure, refused, rolled_back, same};

cases![
    a_new_customer_has_version_1_and_reads_back_as_written,
    a_stale_customer_write_is_a_conflict_and_changes_nothing,
    a_write_to_a_customer_who_is_not_there_says_so,
    a_customer_can_be_seen_as_it_was_known,
    a_strong_identifier_has_one_owner,
    a_weak_identifier_may_have_several_holders,
    an_attribute_is_seen_as_it_was_true_and_as_it_was_known,
    an_attribute_that_is_not_known_any_more_is_gone_from_then_on,
    an_external_key_leads_to_the_first_who_claimed_it,
    a_change_is_noted_for_those_who_follow_and_for_nobody_else,
    each_group_of_tables_can_be_migrated_alone,
    every_table_with_a_customer_id_is_in_the_registry,
];

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn later(seconds: i64) -> DateTime<Utc> {
    NOW + TimeDelta::seconds(seconds)
}

fn id(number: u64) -> CustomerId {
    CustomerId::new(&SeededIds::new(number), NOW)
}

/// Tables, and a customer who is stored.
fn with_customer(session: &mut dyn Session) -> Outcome<Customer> {
    migrate(session, &[&RECORD], NOW)?;
    let customer = Customer::new(id(1), NOW)
        .with_contact(ContactData::new().with_email("ada@example.org".parse().expect("an address")));
    Ok(customers::insert(session, &customer, &Source::checkout(), NOW)?)
}

fn a_new_customer_has_version_1_and_reads_back_as_written(database: &dyn Database) -> Outcome {
    let stored = committed(database, with_customer)?;
    same("the version", stored.version(), 1)?;
    committed(database, |session| {
        same(
            "the customer",
            customers::load(session, stored.id())?.as_ref(),
            Some(&stored),
        )?;
        same("another customer", customers::load(session, id(2))?, None)?;
        refused(
            customers::insert(session, &stored, &Source::checkout(), NOW),
            StoreErrorKind::Conflict,
        )?;
        same("the number of customers", customers::count(session)?, 1)
    })
}

fn a_stale_customer_write_is_a_conflict_and_changes_nothing(database: &dyn Database) -> Outcome {
    let read = committed(database, with_customer)?;
    let name = |text| PersonName::single(text).expect("a name");
    let first = committed(database, |session| {
        Ok(customers::update(
            session,
            &read.clone().map_contact(|contact| contact.with_name(name("First"))),
            &Source::checkout(),
            later(1),
        )?)
    })?;
    same("the version after a write", first.version(), 2)?;
    committed(database, |session| {
        let stale = read.clone().map_contact(|contact| contact.with_name(name("Second")));
        refused(
            customers::update(session, &stale, &Source::checkout(), later(2)),
            StoreErrorKind::Conflict,
        )?;
        same(
            "the customer",
            customers::load(session, read.id())?,
            Some(first.clone()),
        )
    })
}

fn a_write_to_a_customer_who_is_not_there_says_so(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        migrate(session, &[&RECORD], NOW)?;
        let nobody = Customer::new(id(1), NOW).with_version(1);
        refused(
            customers::update(session, &nobody, &Source::checkout(), NOW),
            StoreErrorKind::NotFound,
        )
        .map(|_| ())
    })
}

fn a_customer_can_be_seen_as_it_was_known(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        let first = with_customer(session)?;
        let name = PersonName::single("Ada").expect("a name");
        let renamed = first.clone().map_contact(|contact| contact.with_name(name));
        let second = customers::update(session, &renamed, &Source::checkout(), later(10))?;
        let known = |session: &mut dyn Session, at| customers::as_known_at(session, first.id(), at);
        same("before it was known", known(session, later(-1))?, None)?;
        same("at first", known(session, later(9))?, Some(first.clone()))?;
        same("afterwards", known(session, later(10))?, Some(second))
    })
}

fn a_strong_identifier_has_one_owner(database: &dyn Database) -> Outcome {
    let email = |text: &str| Identifier::Email(text.parse().expect("an address"));
    committed(database, |session| {
        let ada = with_customer(session)?;
        let bob = customers::insert(session, &Customer::new(id(2), NOW), &Source::checkout(), NOW)?;
        let mut attach =
            |owner, text: &str, at| identifiers::attach(session, owner, &email(text), &Source::checkout(), at);
        attach(ada.id(), "ada@example.org", NOW)?;
        attach(ada.id(), "ADA@example.org", later(5))?;
        refused(attach(bob.id(), "Ada@Example.org", later(6)), StoreErrorKind::Unique)?;
        same(
            "the owner",
            identifiers::owner(session, &email("ada@EXAMPLE.org"))?,
            Some(ada.id()),
        )?;
        let known = identifiers::of_customer(session, ada.id())?;
        same("how often it is kept", known.len(), 1)?;
        same("when it was last seen", known[0].last_seen_at, later(5))?;
        ensure(
            identifiers::detach(session, ada.id(), &email("ada@example.org"), later(7))?,
            "it was detached",
        )?;
        same(
            "the owner afterwards",
            identifiers::owner(session, &email("ada@example.org"))?,
            None,
        )
    })
}

fn a_weak_identifier_may_have_several_holders(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        let ada = with_customer(session)?;
        let bob = customers::insert(session, &Customer::new(id(2), NOW), &Source::checkout(), NOW)?;
        let device = Identifier::Device(ExternalRef::new("cookie", "c-1").expect("a key"));
        identifiers::attach(session, ada.id(), &device, &Source::checkout(), NOW)?;
        identifiers::attach(session, bob.id(), &device, &Source::checkout(), later(1))?;
        same(
            "the holders",
            identifiers::holders(session, &device)?,
            vec![ada.id(), bob.id()],
        )?;
        same("the owner", identifiers::owner(session, &device)?, None)
    })
}

fn an_attribute_is_seen_as_it_was_true_and_as_it_was_known(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        let ada = with_customer(session)?.id();
        let name = AttributeName::new("shoe_size").expect("a name");
        let version = |size, valid, recorded| {
            let value = Some(AttributeValue::Integer(size));
            Attribute::new(name.clone(), value, later(valid), later(recorded), Source::checkout())
        };
        // 38 from second 10 on; at second 30 the shop learns that it has been 39 since second 20.
        let (small, large) = (version(38, 10, 10), version(39, 20, 30));
        for attribute in [&small, &large] {
            attributes::set(session, &SeededIds::new(9), ada, attribute)?;
        }
        let as_of =
            |session: &mut dyn Session, valid, known| attributes::as_of(session, ada, later(valid), later(known));
        same("before it was true", as_of(session, 5, 99)?, vec![])?;
        same("as it was known then", as_of(session, 25, 25)?, vec![small.clone()])?;
        same("as it is known now", as_of(session, 25, 99)?, vec![large.clone()])?;
        same(
            "the history",
            attributes::history(session, ada, &name)?,
            vec![small, large],
        )
    })
}

fn an_attribute_that_is_not_known_any_more_is_gone_from_then_on(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        let ada = with_customer(session)?.id();
        let name = AttributeName::preference("channel").expect("a name");
        let value = AttributeValue::Text("e-mail, “of course”".to_owned());
        let stated = Attribute::new(name.clone(), Some(value), NOW, NOW, Source::checkout());
        let forgotten = Attribute::new(name, None, later(10), later(10), Source::checkout());
        for attribute in [&stated, &forgotten] {
            attributes::set(session, &SeededIds::new(9), ada, attribute)?;
        }
        same(
            "before",
            attributes::as_of(session, ada, later(9), later(99))?,
            vec![stated],
        )?;
        same(
            "afterwards",
            attributes::as_of(session, ada, later(10), later(99))?,
            vec![],
        )
    })
}

fn an_external_key_leads_to_the_first_who_claimed_it(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        migrate(session, &[&STORE], NOW)?;
        let key = ExternalRef::new("shop", "10248").expect("a key");
        let target = |number| {
            Target::new(
                id(number),
                Subject::Customer(id(number)).id(),
                format!("digest {number}"),
            )
        };
        same(
            "the first claim",
            external_refs::claim(session, &key, "order", &target(1), NOW)?,
            None,
        )?;
        same(
            "the second claim",
            external_refs::claim(session, &key, "order", &target(2), NOW)?,
            Some(target(1)),
        )?;
        same(
            "what it leads to",
            external_refs::find(session, &key, "order")?,
            Some(target(1)),
        )?;
        same("another kind", external_refs::find(session, &key, "customer")?, None)
    })
}

fn a_change_is_noted_for_those_who_follow_and_for_nobody_else(database: &dyn Database) -> Outcome {
    let ada = committed(database, with_customer)?;
    let subject = Subject::Customer(ada.id()).id();
    let pending = |session: &mut dyn Session| changes::pending(session, "tests", 10);
    committed(database, |session| {
        same("what nobody followed", pending(session)?, vec![])?;
        changes::register(session, "tests", NOW)?;
        Ok(changes::register(session, "tests", NOW)?)
    })?;
    rolled_back(database, |session| {
        let changed = customers::update(session, &ada, &Source::checkout(), later(1))?;
        customers::update(session, &changed, &Source::checkout(), later(2))?;
        let device = Identifier::Device(ExternalRef::new("cookie", "c-1").expect("a key"));
        identifiers::attach(session, ada.id(), &device, &Source::checkout(), later(3))?;
        same("who is to be looked at", pending(session)?, vec![subject])?;
        let taken = changes::take(session, "tests", subject)?;
        let taken: Vec<_> = taken.iter().map(|noted| (noted.kind, noted.writes)).collect();
        same("what changed, and how often", taken, vec![(ChangeKind::Record, 3)])?;
        same("what is left", pending(session)?, vec![])?;
        customers::update(session, &ada.clone().with_version(3), &Source::checkout(), later(4)).map(|_| ())?;
        same("what changed since", pending(session)?, vec![subject])
    })?;
    committed(database, |session| {
        same("a change that was rolled back", pending(session)?, vec![])
    })
}

fn each_group_of_tables_can_be_migrated_alone(database: &dyn Database) -> Outcome {
    let groups: [&'static Module; 6] = [&STORE, &RECORD, &CONSENT, &ACTIVITY, &METRIC, &PROMISE];
    for group in groups {
        rolled_back(database, |session| {
            let applied = migrate(session, &[group], NOW)?;
            let modules: Vec<_> = applied.iter().map(|applied| applied.module).collect();
            let expected = if group.name == "store" {
                vec!["store"]
            } else {
                vec!["store", group.name]
            };
            same("what was migrated", modules, expected)
        })?;
    }
    Ok(())
}

fn every_table_with_a_customer_id_is_in_the_registry(database: &dyn Database) -> Outcome {
    let groups: [&'static Module; 6] = [&STORE, &RECORD, &CONSENT, &ACTIVITY, &METRIC, &PROMISE];
    committed(database, |session| {
        migrate(session, &groups, NOW)?;
        check_registry(session)
    })
}

/// Compares the registry with the tables that are really there.
fn check_registry(session: &mut dyn Session) -> Outcome {
    let registered: Vec<_> = registry::customer_columns(session)?
        .into_iter()
        .map(|column| (column.table, column.column))
        .collect();
    same(
        "the columns with ids of customers",
        columns_with_customer_ids(session)?,
        registered,
    )
}

/// The columns called `customer_id` or `subject_id` of all tables of this library, by name.
fn columns_with_customer_ids(session: &mut dyn Session) -> Outcome<Vec<(String, String)>> {
    let sql = match session.dialect() {
        ecrm_store::Dialect::Sqlite => {
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table' AND substr(m.name, 1, 5) = 'ecrm_' AND c.name IN ('customer_id', 'subject_id')
             ORDER BY m.name, c.name"
        }
        ecrm_store::Dialect::Postgres => {
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
             WHERE table_schema = current_schema() AND substr(table_name, 1, 5) = 'ecrm_'
               AND column_name IN ('customer_id', 'subject_id')
             ORDER BY table_name COLLATE \"C\", column_name COLLATE \"C\""
        }
    };
    Ok(session.query_all(sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))?)
}
