use ecrm_xml::{Element, Writer, XmlError};

use super::names::cbc;
use super::value::{Identification, one, only, put, required, texts};
use crate::text::{Day, TimeOfDay, trimmed};

/// What every document begins with.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Heading {
    /// `UBLVersionID`: `2.1` in documents that are made here.
    pub ubl_version: Option<String>,
    /// `CustomizationID`: the agreement that the document follows.
    pub customization: Option<Identification>,
    /// `ProfileID`: the process that it belongs to.
    pub profile: Option<Identification>,
    /// `ID`: the sender's number of the document.
    pub id: String,
    /// `UUID`.
    pub uuid: Option<String>,
    /// `IssueDate`.
    pub issue_date: Day,
    /// `IssueTime`.
    pub issue_time: Option<TimeOfDay>,
    /// `Note`: for people.
    pub notes: Vec<String>,
}

impl Heading {
    /// The heading of a document that is made here.
    #[must_use]
    pub fn new(id: &str, issue_date: Day) -> Self {
        Self {
            ubl_version: Some("2.1".to_owned()),
            customization: None,
            profile: None,
            id: id.to_owned(),
            uuid: None,
            issue_date,
            issue_time: None,
            notes: Vec::new(),
        }
    }

    pub(super) fn read(root: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            ubl_version: one(root, cbc("UBLVersionID"))?,
            customization: one(root, cbc("CustomizationID"))?,
            profile: one(root, cbc("ProfileID"))?,
            id: required_id(root)?,
            uuid: only(root, cbc("UUID"))?,
            issue_date: required(root, cbc("IssueDate"))?,
            issue_time: only(root, cbc("IssueTime"))?,
            notes: texts(root, cbc("Note")),
        })
    }

    /// Writes all but the notes, which stand behind codes that differ from document to document.
    pub(super) fn write_start(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("UBLVersionID"), &self.ubl_version);
        put(writer, cbc("CustomizationID"), &self.customization);
        put(writer, cbc("ProfileID"), &self.profile);
        put(writer, cbc("ID"), [&self.id]);
        put(writer, cbc("UUID"), &self.uuid);
        put(writer, cbc("IssueDate"), [&self.issue_date]);
        put(writer, cbc("IssueTime"), &self.issue_time);
    }

    pub(super) fn write_notes(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("Note"), &self.notes);
    }
}

/// Notes are for people, and about them.
impl std::fmt::Debug for Heading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Heading")
            .field("id", &self.id)
            .field("issue_date", &self.issue_date)
            .finish_non_exhaustive()
    }
}

/// The identifier that something is referred to by, which may not be empty.
pub(super) fn required_id(parent: &Element<'_>) -> Result<String, XmlError> {
    let element = parent.required(cbc("ID"))?;
    let id = trimmed(&element.text()).to_owned();
    if id.is_empty() {
        return Err(element.error(ecrm_xml::ErrorCode::Value, "is empty; an identifier is needed"));
    }
    Ok(id)
}
