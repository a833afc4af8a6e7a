//! Members of a segment for a campaign or a partner: only those who may be contacted, and only what is asked for.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ecrm_core::{Channel, Customer, CustomerId, Purpose, Recipient, Refusal};
use ecrm_store::{Permission, Session, customers, may_contact};

use crate::criteria::{Name, ProfileField};
use crate::error::SegmentationError;
use crate::segmentation::Segmentation;

/// What is handed over: a segment, for a purpose over a channel. Consent is asked of each member at that moment.
#[derive(Debug, Clone)]
pub struct Handover {
    pub(crate) segment: Name,
    pub(crate) purpose: Purpose,
    pub(crate) channel: Channel,
    pub(crate) fields: Vec<ProfileField>,
    held_out: Option<Name>,
    #[cfg(feature = "csv")]
    is_for_spreadsheets: bool,
}

/// How many were handed over, and how many not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HandedOver {
    /// Who were.
    pub written: u64,
    /// Who may not be contacted, by the reason, in its words.
    pub refused: BTreeMap<String, u64>,
    /// Who are in the segment that is held out.
    pub held_out: u64,
}

/// So many members are looked at at once.
const PAGE: u32 = 1_000;

impl Handover {
    /// The members of a segment by their ids, and nothing else.
    #[must_use]
    pub fn new(segment: Name, purpose: Purpose, channel: Channel) -> Self {
        Self {
            segment,
            purpose,
            channel,
            fields: Vec::new(),
            held_out: None,
            #[cfg(feature = "csv")]
            is_for_spreadsheets: false,
        }
    }

    /// With these fields of the profile, in this order.
    #[must_use]
    pub fn with_fields(mut self, fields: &[ProfileField]) -> Self {
        self.fields = fields.to_vec();
        self
    }

    /// Without the members of another segment: of a control group, such as `sample(10%, "spring 2027")`, which stays the same for all time.
    #[must_use]
    pub fn holding_out(mut self, segment: Name) -> Self {
        self.held_out = Some(segment);
        self
    }

    /// For people who open the CSV in a spreadsheet: a value that it would take for a formula, such as a name that begins with `=`, gets an
    /// apostrophe in front (CWE-1236). Programs that read it would take that for a part of the value.
    #[cfg(feature = "csv")]
    #[must_use]
    pub fn for_spreadsheets(mut self) -> Self {
        self.is_for_spreadsheets = true;
        self
    }

    #[cfg(feature = "csv")]
    fn csv_value(&self, value: String) -> String {
        if self.is_for_spreadsheets && value.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            return format!("'{value}");
        }
        value
    }
}

impl Segmentation {
    /// Hands each member who may be contacted to `on_member`, with the permission; and tells of the others how many they are, and why.
    ///
    /// # Errors
    /// [`SegmentationError::Stale`], [`SegmentationError::UnknownSegment`], those of the database, and whatever `on_member` returns.
    pub fn hand_over(
        &self,
        session: &mut dyn Session,
        handover: &Handover,
        now: DateTime<Utc>,
        on_member: &mut dyn FnMut(&Customer, &Permission) -> Result<(), SegmentationError>,
    ) -> Result<HandedOver, SegmentationError> {
        let mut done = HandedOver::default();
        let mut after = None;
        loop {
            let page = self.members(session, &handover.segment, after, PAGE, now)?;
            for id in page.customers {
                self.hand_over_one(session, handover, id, now, on_member, &mut done)?;
            }
            after = page.next;
            if after.is_none() {
                return Ok(done);
            }
        }
    }

    fn hand_over_one(
        &self,
        session: &mut dyn Session,
        handover: &Handover,
        id: CustomerId,
        now: DateTime<Utc>,
        on_member: &mut dyn FnMut(&Customer, &Permission) -> Result<(), SegmentationError>,
        done: &mut HandedOver,
    ) -> Result<(), SegmentationError> {
        if let Some(held_out) = &handover.held_out
            && self.membership(session, id, held_out, now)?.is_member
        {
            done.held_out += 1;
            return Ok(());
        }
        let Some(customer) = customers::load(session, id)? else {
            return Ok(());
        };
        let recipient = Recipient::from(&customer);
        match may_contact(session, &recipient, handover.purpose, handover.channel, now)? {
            Ok(permission) => {
                on_member(&customer, &permission)?;
                done.written += 1;
            }
            Err(refusal) => *done.refused.entry(words(refusal)).or_default() += 1,
        }
        Ok(())
    }

    /// Writes the members who may be contacted as CSV (RFC 4180, UTF-8): a heading with `customer_id` and the fields, and a line for each.
    ///
    /// ```
    /// # use chrono::{DateTime, Utc};
    /// # use ecrm_core::{Channel, Purpose};
    /// # use ecrm_segmentation::criteria::{Name, ProfileField};
    /// # use ecrm_segmentation::{Handover, Segmentation, SegmentationError};
    /// # use ecrm_store::Session;
    /// # fn story(
    /// #     session: &mut dyn Session, segments: &Segmentation, segment: Name, now: DateTime<Utc>,
    /// # ) -> Result<(), SegmentationError> {
    /// let handover = Handover::new(segment, Purpose::Marketing, Channel::Email).with_fields(&[ProfileField::Email]);
    /// let mut csv = Vec::new();
    /// let done = segments.write_csv(session, &handover, now, &mut csv)?;
    /// println!("{} written, {:?} refused", done.written, done.refused);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`hand_over`](Self::hand_over), and [`SegmentationError::Export`] where nothing can be written.
    #[cfg(feature = "csv")]
    pub fn write_csv(
        &self,
        session: &mut dyn Session,
        handover: &Handover,
        now: DateTime<Utc>,
        to: &mut dyn std::io::Write,
    ) -> Result<HandedOver, SegmentationError> {
        let failed = |error: csv::Error| SegmentationError::Export(error.to_string());
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(to);
        let fields = handover.fields.iter().map(|field| field.word());
        writer
            .write_record(std::iter::once("customer_id").chain(fields))
            .map_err(failed)?;
        let done = self.hand_over(session, handover, now, &mut |customer, _| {
            let values = handover
                .fields
                .iter()
                .map(|field| handover.csv_value(field.of(customer).unwrap_or_default()));
            let id = customer.id().to_string();
            writer.write_record(std::iter::once(id).chain(values)).map_err(failed)
        })?;
        writer
            .flush()
            .map_err(|error| SegmentationError::Export(error.to_string()))?;
        Ok(done)
    }

    /// Writes the members who may be contacted as XML: an element `members`, with a `member` for each; the schema is
    /// `docs/schema/ecrm-segmentation-1.xsd`.
    ///
    /// # Errors
    /// As [`hand_over`](Self::hand_over), and [`SegmentationError::Export`] where nothing can be written.
    #[cfg(feature = "xml")]
    pub fn write_xml(
        &self,
        session: &mut dyn Session,
        handover: &Handover,
        now: DateTime<Utc>,
        to: &mut dyn std::io::Write,
    ) -> Result<HandedOver, SegmentationError> {
        let mut writer = crate::xml::Members::begin(handover, now, to);
        let done = self.hand_over(session, handover, now, &mut |customer, _| {
            writer.member(customer, &handover.fields);
            Ok(())
        })?;
        writer
            .end()
            .map_err(|error| SegmentationError::Export(error.to_string()))?;
        Ok(done)
    }
}

fn words(refusal: Refusal) -> String {
    refusal.to_string()
}
