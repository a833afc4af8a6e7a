//! Processes that are to be killed: a child announces each step on its standard output, and waits on its standard input for leave to
//! take it. Whoever reads the steps decides whether it lives on.

use std::io::stdin;
use std::ops::ControlFlow;

use ecrm_store::{Dialect, Row, Session, StoreError, Value};

/// Announces a step as a line `step NAME`, and waits for an empty line.
///
/// # Panics
/// When nobody is there any more who gives leave.
#[expect(clippy::print_stdout, reason = "this is how a child talks to its parent")]
pub fn step(name: &str) {
    println!("step {name}");
    let mut leave = String::new();
    stdin().read_line(&mut leave).expect("a standard input");
    assert_eq!(leave, "\n", "whoever gives leave is gone");
}

/// A statement that is about to be run.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Statement<'s> {
    /// All of it.
    pub sql: &'s str,
    /// Its first word.
    pub verb: &'s str,
    /// The first table that it names, of ours or of the shop's.
    pub table: Option<&'s str>,
}

impl<'s> Statement<'s> {
    fn of(sql: &'s str) -> Self {
        let mut words = sql.split_whitespace().filter(|word| !word.starts_with('('));
        Self {
            sql,
            verb: words.next().unwrap_or_default(),
            table: words.find(|word| word.starts_with("ecrm_") || word.starts_with("shop_")),
        }
    }
}

/// A session that tells of each statement before it runs it.
pub struct Announcing<'s> {
    session: &'s mut dyn Session,
    tell: &'s mut dyn FnMut(Statement<'_>),
}

impl<'s> Announcing<'s> {
    /// The session, and who is told.
    pub fn new(session: &'s mut dyn Session, tell: &'s mut dyn FnMut(Statement<'_>)) -> Self {
        Self { session, tell }
    }
}

impl Session for Announcing<'_> {
    fn dialect(&self) -> Dialect {
        self.session.dialect()
    }

    fn execute(&mut self, sql: &str, parameters: &[Value<'_>]) -> Result<u64, StoreError> {
        (self.tell)(Statement::of(sql));
        self.session.execute(sql, parameters)
    }

    fn query(
        &mut self,
        sql: &str,
        parameters: &[Value<'_>],
        on_row: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        (self.tell)(Statement::of(sql));
        self.session.query(sql, parameters, on_row)
    }
}

impl std::fmt::Debug for Announcing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Announcing")
    }
}
