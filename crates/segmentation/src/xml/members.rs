//! Members of a segment, as they are handed over.

use chrono::{DateTime, SecondsFormat, Utc};
use ecrm_core::{Code, Customer};
use ecrm_xml::{Name, WriteError, Writer};

use super::{VOCABULARY, own};
use crate::criteria::ProfileField;
use crate::hand_over::Handover;

const AT: Name<'static> = attribute("at");
const CHANNEL: Name<'static> = attribute("channel");
const ID: Name<'static> = attribute("id");
const PURPOSE: Name<'static> = attribute("purpose");
const SEGMENT: Name<'static> = attribute("segment");

/// A document that is being written.
pub(crate) struct Members<'w>(Writer<'w>);

impl<'w> Members<'w> {
    pub(crate) fn begin(handover: &Handover, now: DateTime<Utc>, to: &'w mut dyn std::io::Write) -> Self {
        let mut writer = Writer::to(&VOCABULARY, to);
        writer.start(own("members"));
        writer.attribute(SEGMENT, handover.segment.as_str());
        writer.attribute(PURPOSE, handover.purpose.code());
        writer.attribute(CHANNEL, handover.channel.code());
        writer.attribute(AT, &now.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        Self(writer)
    }

    /// A field that is not known is left out.
    pub(crate) fn member(&mut self, customer: &Customer, fields: &[ProfileField]) {
        self.0.within(own("member"), |writer| {
            writer.attribute(ID, &customer.id().to_string());
            for field in fields {
                if let Some(value) = field.of(customer) {
                    writer.element(own(field.word()), &value);
                }
            }
        });
    }

    pub(crate) fn end(mut self) -> Result<(), WriteError> {
        self.0.end();
        self.0.finish().map(|_| ())
    }
}

const fn attribute(local: &str) -> Name<'_> {
    Name::new("", local)
}
