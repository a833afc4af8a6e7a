//! Entries of the consent ledger.

use ecrm_core::{Channel, Code, Consent, ConsentDecision, Purpose};

use super::parts::own;
use super::provenance::{read_provenance, write_provenance};
use crate::values::{
    optional, optional_text, read_instant, required, write_attribute, write_instant, write_optional,
    write_optional_text,
};
use crate::{Element, Name, Writer, XmlError, XmlForm};

const PROOF: Name<'static> = own("proof");
const TEXT_VERSION: Name<'static> = own("textVersion");

impl XmlForm for Consent {
    const NAME: Name<'static> = own("consent");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "subject", self.subject());
        write_attribute(writer, "purpose", self.purpose().code());
        write_attribute(writer, "channel", self.channel().code());
        write_attribute(writer, "decision", self.decision().code());
        write_optional(writer, "expiresAt", self.expires_at().map(write_instant));
        write_provenance(writer, self.valid_at(), self.recorded_at(), self.source());
        write_optional_text(writer, TEXT_VERSION, self.text_version());
        write_optional_text(writer, PROOF, self.proof());
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let subject = required(element, "subject", str::parse)?;
        let purpose = required(element, "purpose", Purpose::from_code)?;
        let channel = required(element, "channel", Channel::from_code)?;
        let decision = required(element, "decision", ConsentDecision::from_code)?;
        let (valid_at, recorded_at, source) = read_provenance(element)?;
        let consent = Self::new(subject, purpose, channel, decision, recorded_at, source);
        let mut consent = element.check(consent.valid_from(valid_at))?;
        if let Some(end) = optional(element, "expiresAt", read_instant)? {
            consent = element.check(consent.until(end))?;
        }
        if let Some(version) = optional_text(element, TEXT_VERSION)? {
            consent = consent.to_text(version);
        }
        if let Some(proof) = optional_text(element, PROOF)? {
            consent = consent.with_proof(proof);
        }
        Ok(consent)
    }
}
