//! A document of many records, applied one after the other: a batch in each of the host's transactions, and a bad one passed over.
//!
//! ```
//! # use ecrm_core::{FixedClock, SeededIds, Source};
//! # use ecrm_sqlite::{SqliteSession, rusqlite::Connection};
//! # use ecrm_store::{Session, StoreError, UnitOfWork};
//! # use ecrm_xml::Limits;
//! # use ecrm_xml_exchange::import::{CoreRecords, Feed, Import};
//! # use std::ops::ControlFlow;
//! # struct Host(Connection);
//! # impl UnitOfWork for Host {
//! #     fn run(&mut self, work: &mut dyn FnMut(&mut dyn Session) -> Result<(), StoreError>) -> Result<(), StoreError> {
//! #         let transaction = self.0.transaction().unwrap();
//! #         work(&mut SqliteSession::new(&transaction)?)?;
//! #         Ok(transaction.commit().unwrap())
//! #     }
//! # }
//! # let now = chrono::DateTime::UNIX_EPOCH;
//! # let mut host = Host(Connection::open_in_memory()?);
//! # host.run(&mut |session| ecrm_store::migrate(session, &[&ecrm_xml_exchange::MODULE], now).map(|_| ()))?;
//! let file = &br#"<records xmlns="urn:ecrm:xml:1">
//!   <customer id="0199e0a5-0000-7000-8000-000000000001" version="1" registeredAt="2026-11-22T00:00:00Z"/>
//!   <customer id="nobody"/>
//! </records>"#[..];
//! let mut feed = Feed::new(file, Limits::default());
//! let (ids, source) = (SeededIds::new(1), Source::new("import")?);
//! let report = Import::new("customers-of-2026").run(
//!     &mut host,
//!     &mut feed,
//!     &mut CoreRecords::new(&ids, &source, now),
//!     &FixedClock::at(now),
//!     &mut |_| ControlFlow::Continue(()),
//! )?;
//! assert_eq!((report.changed, report.bad.len()), (1, 1));
//! assert_eq!(report.bad[0].position.unwrap().to_string(), "3:3");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod apply;
mod batch;
mod core_records;
mod feed;
mod report;
mod run;

pub use apply::{Applied, Apply, RecordError};
pub use core_records::{CoreRecords, kept_of};
pub use feed::{Feed, write_gzip};
pub use report::{BadRecord, End, Report};
pub use run::{Import, ImportError};
