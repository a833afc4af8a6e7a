#![doc = include_str!("../README.md")]

#[cfg(feature = "confirmation-mail")]
pub mod checkout;
#[cfg(all(feature = "confirmation-mail", feature = "message"))]
pub mod inbound_mail;
#[cfg(feature = "confirmation-mail")]
pub mod mail_reports;
pub mod recognition;
pub mod returns;
mod tables;
#[cfg(all(feature = "confirmation-mail", feature = "xml-exchange"))]
pub mod xml_order;

pub use ecrm_core as core;
pub use ecrm_store as store;

#[cfg(feature = "confirmation-mail")]
pub use ecrm_confirmation_mail as confirmation_mail;
#[cfg(feature = "message")]
pub use ecrm_message as message;
#[cfg(feature = "postgres")]
pub use ecrm_postgres as postgres;
#[cfg(feature = "segmentation")]
pub use ecrm_segmentation as segmentation;
#[cfg(feature = "sqlite")]
pub use ecrm_sqlite as sqlite;
#[cfg(any(feature = "sqlx-postgres", feature = "sqlx-sqlite"))]
pub use ecrm_sqlx as sqlx;
#[cfg(feature = "xml-exchange")]
pub use ecrm_xml as xml;
#[cfg(feature = "xml-exchange")]
pub use ecrm_xml_exchange as xml_exchange;

pub use tables::{migrate, modules};
