//! Statements that stay prepared on a connection, beyond one transaction.

use std::collections::HashMap;
use std::fmt;

use ecrm_store::{Type, Value};
use tokio_postgres::Statement;

/// How many statements are kept. This library has fewer; a host that generates statements begins anew once so many are there.
const CAPACITY: usize = 256;

/// The statements that are prepared on one connection, kept by the host beside its client, so that a transaction does not prepare
/// again what an earlier one has prepared: that is a round trip for each statement.
///
/// [`CachingClient`](crate::CachingClient) holds both together. It belongs to its connection: on another one a statement fails by name, writes nothing, and the
/// transaction is to be repeated; so it is after a pool has discarded the statements of a connection, or a table was altered.
#[derive(Default)]
pub struct StatementCache {
    prepared: HashMap<String, Vec<Prepared>>,
    count: usize,
}

/// A statement, prepared for parameters of these types.
struct Prepared {
    types: Vec<Type>,
    statement: Statement,
}

impl StatementCache {
    /// A cache for a connection on which nothing is prepared.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The statement, if it was prepared for the types of these parameters.
    pub(crate) fn find(&self, sql: &str, parameters: &[Value<'_>]) -> Option<Statement> {
        let kinds = || parameters.iter().map(Value::kind);
        let known = self.prepared.get(sql)?;
        let same = known.iter().find(|known| known.types.iter().copied().eq(kinds()))?;
        Some(same.statement.clone())
    }

    /// Keeps a statement that was prepared for the types of these parameters.
    pub(crate) fn keep(&mut self, sql: &str, parameters: &[Value<'_>], statement: Statement) {
        if self.count >= CAPACITY {
            self.clear();
        }
        self.count += 1;
        self.prepared.entry(sql.to_owned()).or_default().push(Prepared {
            types: parameters.iter().map(Value::kind).collect(),
            statement,
        });
    }

    /// Forgets all statements; the driver closes them on the server.
    pub(crate) fn clear(&mut self) {
        self.prepared.clear();
        self.count = 0;
    }
}

impl fmt::Debug for StatementCache {
    /// Tells how many there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StatementCache({} statements)", self.count)
    }
}
