//! What is written at once is what would have been written one by one.

use chrono::{DateTime, Utc};
use ecrm_core::{Activity, Attribute, Consent, Customer, CustomerId, SeededIds, Source, Subject};
use ecrm_store::{
    ACTIVITY, CONSENT, RECORD, Session, SessionExt, StoreErrorKind, activities, attributes, changes, consents,
    customers, migrate,
};
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::Database;
use super::cases;
use super::check::{Failure, Outcome, committed, ensure, refused, rolled_back, same};
use crate::generate;

cases![
    what_is_imported_at_once_is_what_is_written_one_by_one,
    an_import_of_a_customer_who_is_there_is_a_conflict,
    an_import_of_nothing_writes_nothing,
];

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// What a shop brings along.
struct Import {
    customers: Vec<Customer>,
    attributes: Vec<(CustomerId, Attribute)>,
    consents: Vec<Consent>,
    activities: Vec<Activity>,
}

impl Import {
    /// The same random one at every run.
    fn sample() -> Outcome<Self> {
        let mut runner = TestRunner::deterministic();
        let customers = sample(&mut runner, vec(generate::customer(), 20))?;
        let attributes = sample(&mut runner, vec(generate::attribute(), 60))?;
        let of_customers = customers.iter().flat_map(|customer| [customer.id(); 3]);
        Ok(Self {
            attributes: of_customers.zip(attributes).collect(),
            consents: sample(&mut runner, vec(generate::consent(), 60))?,
            activities: sample(&mut runner, vec(generate::activity(), 60))?,
            customers,
        })
    }

    fn write_at_once(&self, session: &mut dyn Session) -> Outcome {
        let ids = SeededIds::new(7);
        customers::insert_all(session, &self.customers, &Source::checkout(), NOW)?;
        attributes::set_all(session, &ids, &self.attributes)?;
        consents::record_all(session, &ids, &self.consents)?;
        Ok(activities::append_all(session, &self.activities)?)
    }

    fn write_one_by_one(&self, session: &mut dyn Session) -> Outcome {
        let ids = SeededIds::new(7);
        for customer in &self.customers {
            customers::insert(session, customer, &Source::checkout(), NOW)?;
        }
        for (customer, attribute) in &self.attributes {
            attributes::set(session, &ids, *customer, attribute)?;
        }
        for consent in &self.consents {
            consents::record(session, &ids, consent)?;
        }
        for activity in &self.activities {
            activities::append(session, activity)?;
        }
        Ok(())
    }
}

fn sample<T>(runner: &mut TestRunner, strategy: impl Strategy<Value = T>) -> Outcome<T> {
    let tree = strategy
        .new_tree(runner)
        .map_err(|reason| Failure::new(reason.message()))?;
    Ok(tree.current())
}

/// Every column of every row, as texts.
fn rows(session: &mut dyn Session) -> Outcome<Vec<String>> {
    let mut all = Vec::new();
    for table in TABLES {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|name| format!("coalesce(CAST({name} AS TEXT), 'NULL')"))
            .collect();
        let sql = format!("SELECT {} FROM {}", columns.join(" || ' ' || "), table.name);
        let mut found = session.query_all(&sql, &[], |row| row.get::<String>(0))?;
        ensure(!found.is_empty(), "there are rows in each table")?;
        found.sort();
        all.extend(found.into_iter().map(|row| format!("{}: {row}", table.name)));
    }
    Ok(all)
}

struct Table {
    name: &'static str,
    columns: &'static [&'static str],
}

/// Ids are left out, which SQLite keeps as bytes that are no text: the functions of the store read them.
const TABLES: &[Table] = &[
    Table {
        name: "ecrm_record_customer",
        columns: &["version", "registered_at", "recorded_at", "data"],
    },
    Table {
        name: "ecrm_record_customer_version",
        columns: &["version", "recorded_at", "source", "data"],
    },
    Table {
        name: "ecrm_record_attribute",
        columns: &["name", "valid_at", "recorded_at", "source", "value_type", "value"],
    },
    Table {
        name: "ecrm_consent_entry",
        columns: &[
            "purpose",
            "channel",
            "decision",
            "valid_at",
            "recorded_at",
            "expires_at",
            "source",
            "text_version",
            "proof",
        ],
    },
    Table {
        name: "ecrm_activity_event",
        columns: &[
            "valid_at",
            "recorded_at",
            "kind",
            "source",
            "channel",
            "currency",
            "amount",
            "detail",
        ],
    },
    Table {
        name: "ecrm_activity_line",
        columns: &[
            "valid_at",
            "position",
            "kind",
            "sku",
            "quantity",
            "unit_price",
            "amount",
            "cost",
        ],
    },
    Table {
        name: "ecrm_store_change",
        columns: &["consumer", "kind", "noted_at"],
    },
];

/// What the functions of the store read about everybody, and who is to be looked at for what.
fn read_back(session: &mut dyn Session, import: &Import) -> Outcome<Vec<String>> {
    let mut all = Vec::new();
    for customer in &import.customers {
        let (id, subject) = (customer.id(), Subject::Customer(customer.id()).id());
        all.push(format!("{:?}", customers::load(session, id)?));
        all.push(format!("{:?}", customers::as_known_at(session, id, NOW)?));
        all.push(format!("{:?}", changes::take(session, "tests", subject)?));
        for (_, attribute) in &import.attributes {
            all.push(format!("{:?}", attributes::history(session, id, attribute.name())?));
        }
    }
    for consent in &import.consents {
        all.push(format!("{:?}", consents::of_subject(session, consent.subject())?));
        all.push(format!("{:?}", changes::take(session, "tests", consent.subject())?));
    }
    all.push(format!("{:?}", changes::pending(session, "tests", 1_000)?));
    Ok(all)
}

fn prepare(session: &mut dyn Session) -> Outcome {
    migrate(session, &[&RECORD, &CONSENT, &ACTIVITY], NOW)?;
    Ok(changes::register(session, "tests", NOW)?)
}

fn what_is_imported_at_once_is_what_is_written_one_by_one(database: &dyn Database) -> Outcome {
    let import = Import::sample()?;
    committed(database, prepare)?;
    let written = |write: fn(&Import, &mut dyn Session) -> Outcome| {
        rolled_back(database, |session| {
            write(&import, session)?;
            Ok((rows(session)?, read_back(session, &import)?))
        })
    };
    let (one_by_one, at_once) = (written(Import::write_one_by_one)?, written(Import::write_at_once)?);
    same("the rows", at_once.0, one_by_one.0)?;
    same("what is read back", at_once.1, one_by_one.1)
}

fn an_import_of_a_customer_who_is_there_is_a_conflict(database: &dyn Database) -> Outcome {
    let customers = Import::sample()?.customers;
    committed(database, |session| {
        prepare(session)?;
        customers::insert(session, &customers[7], &Source::checkout(), NOW)?;
        let twice = [customers[0].clone(), customers[0].clone()];
        for refused_import in [&customers[..], &twice] {
            let import =
                session.atomically(|session| customers::insert_all(session, refused_import, &Source::checkout(), NOW));
            refused(import, StoreErrorKind::Conflict)?;
        }
        same("the number of customers", customers::count(session)?, 1)
    })
}

fn an_import_of_nothing_writes_nothing(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        prepare(session)?;
        customers::insert_all(session, &[], &Source::checkout(), NOW)?;
        attributes::set_all(session, &SeededIds::new(7), &[])?;
        consents::record_all(session, &SeededIds::new(7), &[])?;
        same(
            "who is to be looked at",
            changes::pending(session, "tests", 10)?,
            vec![],
        )
    })
}
