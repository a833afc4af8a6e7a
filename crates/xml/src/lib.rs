#![doc = include_str!("../README.md")]

mod characters;
mod compare;
mod copy;
mod declaration;
mod decode;
mod element;
mod encoding;
mod error;
mod escape;
mod events;
mod form;
pub mod format;
mod kept;
mod limits;
mod name;
mod namespaces;
mod position;
mod reader;
mod record;
mod restore;
mod start_tag;
mod tag;
mod tree;
mod window;
mod writer;

pub use compare::{Difference, differences};
pub use element::Element;
pub use error::{ErrorCode, Position, XmlError};
pub use form::XmlForm;
pub use kept::{Kept, KeptKind};
pub use limits::Limits;
pub use name::Name;
pub use reader::Reader;
pub use record::{Record, parse};
pub use writer::{Vocabulary, WriteError, Writer};
