//! The groups of shared tables. A module migrates the groups that it needs, and no others.

use crate::{Migration, Module};

/// What every group builds on: the registry of tables with customer ids, external keys, change notes.
pub static STORE: Module = Module {
    name: "store",
    requires: &[],
    migrations: &[Migration {
        version: 1,
        sql: include_str!("migrations/store/0001.sql"),
    }],
};

/// Customers, identifiers, attributes and preferences.
pub static RECORD: Module = Module {
    name: "record",
    requires: &[&STORE],
    migrations: &[Migration {
        version: 1,
        sql: include_str!("migrations/record/0001.sql"),
    }],
};

/// The consent ledger and suppressed addresses.
pub static CONSENT: Module = Module {
    name: "consent",
    requires: &[&STORE],
    migrations: &[Migration {
        version: 1,
        sql: include_str!("migrations/consent/0001.sql"),
    }],
};

/// What happened: orders, returns, visits, carts, wishes, contacts.
pub static ACTIVITY: Module = Module {
    name: "activity",
    requires: &[&STORE],
    migrations: &[Migration {
        version: 1,
        sql: include_str!("migrations/activity/0001.sql"),
    }],
};

/// Named numbers about customers.
pub static METRIC: Module = Module {
    name: "metric",
    requires: &[&STORE],
    migrations: &[Migration {
        version: 1,
        sql: include_str!("migrations/metric/0001.sql"),
    }],
};

/// Promises.
pub static PROMISE: Module = Module {
    name: "promise",
    requires: &[&STORE],
    migrations: &[Migration {
        version: 1,
        sql: include_str!("migrations/promise/0001.sql"),
    }],
};
