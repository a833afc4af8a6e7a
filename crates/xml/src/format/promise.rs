//! What customers were told will happen by when.

use ecrm_core::{Code, Promise, PromiseEnd, PromiseOutcome};

use super::parts::own;
use crate::values::{
    optional, optional_text, read_instant, required, required_text, write_attribute, write_instant, write_optional,
    write_optional_text, write_text,
};
use crate::{Element, Name, Writer, XmlError, XmlForm};

const ABOUT: Name<'static> = own("about");
const EVIDENCE: Name<'static> = own("evidence");
const MADE_BY: Name<'static> = own("madeBy");
const WHAT: Name<'static> = own("what");

impl XmlForm for Promise {
    const NAME: Name<'static> = own("promise");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "id", self.id());
        write_attribute(writer, "subject", self.subject());
        write_attribute(writer, "dueAt", write_instant(self.due_at()));
        write_attribute(writer, "madeAt", write_instant(self.made_at()));
        write_optional(writer, "supersedes", self.supersedes());
        write_text(writer, ABOUT, self.about());
        write_text(writer, WHAT, self.what());
        write_text(writer, MADE_BY, self.made_by());
        if let Some(end) = self.ended() {
            end.write(writer);
        }
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let id = required(element, "id", str::parse)?;
        let subject = required(element, "subject", str::parse)?;
        let due_at = required(element, "dueAt", read_instant)?;
        let made_at = required(element, "madeAt", read_instant)?;
        let about = required_text(element, ABOUT)?;
        let what = required_text(element, WHAT)?;
        let made_by = required_text(element, MADE_BY)?;
        let mut promise = element.check(Self::new(id, subject, &about, &what, due_at, made_at, &made_by))?;
        if let Some(earlier) = optional(element, "supersedes", str::parse)? {
            promise = promise.superseding(earlier);
        }
        if let Some(end) = element.optional(PromiseEnd::NAME)? {
            promise = promise.with_end(PromiseEnd::read(&end)?);
        }
        Ok(promise)
    }
}

impl XmlForm for PromiseEnd {
    const NAME: Name<'static> = own("end");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "at", write_instant(self.at));
        write_attribute(writer, "how", self.how.code());
        write_optional_text(writer, EVIDENCE, self.evidence.as_deref());
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            at: required(element, "at", read_instant)?,
            how: required(element, "how", PromiseOutcome::from_code)?,
            evidence: optional_text(element, EVIDENCE)?.map(Into::into),
        })
    }
}
