use ecrm_xml::{Element, Name, Vocabulary, Writer, XmlError};

use super::child_order::child_order;
use super::heading::Heading;
use super::names::{CAC, CBC, cac, cbc};
use super::party::Party;
use super::reference::DocumentReference;
use super::value::{CodeValue, Part, all, at_least_one, one, only, put, required, texts};
use crate::{Day, Document, TimeOfDay};

const NAMESPACE: &str = "urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2";

static VOCABULARY: Vocabulary = Vocabulary {
    prefixes: &[("", NAMESPACE), ("cac", CAC), ("cbc", CBC)],
    order: child_order,
};

/// What became of documents: `ApplicationResponse`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApplicationResponse {
    /// Number, date, notes.
    pub heading: Heading,
    /// `ResponseDate`: the day of the decision, where it is not that of the document.
    pub response_date: Option<Day>,
    /// `ResponseTime`.
    pub response_time: Option<TimeOfDay>,
    /// `SenderParty`: who responds.
    pub sender: Party,
    /// `ReceiverParty`: who is told.
    pub receiver: Party,
    /// `DocumentResponse`.
    pub documents: Vec<DocumentResponse>,
}

impl ApplicationResponse {
    /// A response about documents.
    #[must_use]
    pub fn new(id: &str, issue_date: Day, documents: Vec<DocumentResponse>) -> Self {
        Self {
            heading: Heading::new(id, issue_date),
            response_date: None,
            response_time: None,
            sender: Party::default(),
            receiver: Party::default(),
            documents,
        }
    }
}

impl Document for ApplicationResponse {
    const ROOT: Name<'static> = Name::new(NAMESPACE, "ApplicationResponse");

    fn vocabulary() -> &'static Vocabulary {
        &VOCABULARY
    }

    fn read(root: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            heading: Heading::read(root)?,
            response_date: one(root, cbc("ResponseDate"))?,
            response_time: one(root, cbc("ResponseTime"))?,
            sender: required(root, cac("SenderParty"))?,
            receiver: required(root, cac("ReceiverParty"))?,
            documents: all(root, cac("DocumentResponse"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.within(Self::ROOT, |writer| {
            self.heading.write_start(writer);
            put(writer, cbc("ResponseDate"), &self.response_date);
            put(writer, cbc("ResponseTime"), &self.response_time);
            self.heading.write_notes(writer);
            put(writer, cac("SenderParty"), [&self.sender]);
            put(writer, cac("ReceiverParty"), [&self.receiver]);
            put(writer, cac("DocumentResponse"), &self.documents);
        });
    }
}

/// What became of a document, and of its lines where they fared differently.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentResponse {
    /// `Response`.
    pub response: Response,
    /// `DocumentReference`: at least one.
    pub documents: Vec<DocumentReference>,
    /// `LineResponse`.
    pub lines: Vec<LineResponse>,
}

impl DocumentResponse {
    /// What became of one document.
    #[must_use]
    pub fn new(response: Response, document: DocumentReference) -> Self {
        Self {
            response,
            documents: vec![document],
            lines: Vec::new(),
        }
    }
}

impl Part for DocumentResponse {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            response: required(element, cac("Response"))?,
            documents: at_least_one(element, cac("DocumentReference"))?,
            lines: all(element, cac("LineResponse"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cac("Response"), [&self.response]);
        put(writer, cac("DocumentReference"), &self.documents);
        put(writer, cac("LineResponse"), &self.lines);
    }
}

/// What became of a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LineResponse {
    /// `LineReference/LineID`.
    pub line_id: String,
    /// `Response`: at least one.
    pub responses: Vec<Response>,
}

impl LineResponse {
    /// What became of one line.
    #[must_use]
    pub fn new(line_id: &str, response: Response) -> Self {
        Self {
            line_id: line_id.to_owned(),
            responses: vec![response],
        }
    }
}

impl Part for LineResponse {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let line = element.required(cac("LineReference"))?;
        Ok(Self {
            line_id: required(&line, cbc("LineID"))?,
            responses: at_least_one(element, cac("Response"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.within(cac("LineReference"), |writer| {
            put(writer, cbc("LineID"), [&self.line_id]);
        });
        put(writer, cac("Response"), &self.responses);
    }
}

/// A decision and its reasons.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// `ReferenceID`.
    pub reference: Option<String>,
    /// `ResponseCode`: `AB` (received), `AP` (accepted), `RE` (refused) of UN/EDIFACT 4343 in responses that are made here.
    pub code: Option<CodeValue>,
    /// `Description`.
    pub descriptions: Vec<String>,
    /// `EffectiveDate`.
    pub effective_date: Option<Day>,
}

impl Response {
    /// The document has come in; nothing is decided yet.
    #[must_use]
    pub fn received() -> Self {
        Self::of("AB", None)
    }

    /// The document is accepted.
    #[must_use]
    pub fn accepted() -> Self {
        Self::of("AP", None)
    }

    /// The document is refused, with the reason.
    #[must_use]
    pub fn refused(reason: &str) -> Self {
        Self::of("RE", Some(reason))
    }

    fn of(code: &str, description: Option<&str>) -> Self {
        let code = CodeValue {
            list: Some(super::RESPONSE_LIST.to_owned()),
            ..CodeValue::from(code)
        };
        Self {
            code: Some(code),
            descriptions: description.map(str::to_owned).into_iter().collect(),
            ..Self::default()
        }
    }
}

impl Part for Response {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            reference: one(element, cbc("ReferenceID"))?,
            code: only(element, cbc("ResponseCode"))?,
            descriptions: texts(element, cbc("Description")),
            effective_date: one(element, cbc("EffectiveDate"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("ReferenceID"), &self.reference);
        put(writer, cbc("ResponseCode"), &self.code);
        put(writer, cbc("Description"), &self.descriptions);
        put(writer, cbc("EffectiveDate"), &self.effective_date);
    }
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let code = self.code.as_ref().map(|code| &code.value);
        f.debug_struct("Response").field("code", &code).finish_non_exhaustive()
    }
}
