//! The forms of simple values, for every module that writes its types: attributes, days and instants, texts, references, and whose a
//! record is. All of them are the forms of XML Schema, and are read back without loss.
//!
//! ```
//! use chrono::DateTime;
//! use ecrm_xml::values::{read_instant, read_text, required, write_attribute, write_instant, write_text};
//! use ecrm_xml::{Limits, Name, Vocabulary, Writer, parse};
//! const VOCABULARY: Vocabulary = Vocabulary { prefixes: &[], order: |_| &[] };
//! let (at, words) = (DateTime::UNIX_EPOCH, "a bell: \u{7}");
//! let mut writer = Writer::new(&VOCABULARY);
//! writer.start(Name::local("note"));
//! write_attribute(&mut writer, "at", write_instant(at));
//! write_text(&mut writer, Name::local("words"), words);
//! writer.end();
//! let document = writer.finish()?;
//! let record = parse(&document, &Limits::default())?;
//! let note = record.element();
//! assert_eq!(required(&note, "at", read_instant)?, at);
//! assert_eq!(read_text(&note.required(Name::local("words"))?)?, words);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attribute;
mod subject;
mod text;
mod time;

pub use attribute::{optional, required, write_attribute, write_optional};
pub use subject::{read_subject, write_subject};
pub use text::{
    optional_text, read_reference, read_text, required_text, write_optional_text, write_reference, write_text,
};
pub use time::{read_date, read_instant, write_date, write_instant};
