//! Criteria in XML: the same tree, an element for each node. The schema is `docs/schema/ecrm-segmentation-1.xsd`.
//!
//! ```
//! use ecrm_segmentation::Criteria;
//! use ecrm_segmentation::xml::VOCABULARY;
//! use ecrm_xml::{Limits, Writer, XmlForm, parse};
//! let criteria: Criteria = "count(orders in last 90 days) >= 2".parse()?;
//! let mut writer = Writer::new(&VOCABULARY);
//! criteria.write(&mut writer);
//! let document = writer.finish()?;
//! let record = parse(&document, &Limits::default())?;
//! assert_eq!(Criteria::read(&record.element())?, criteria);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod criteria;
mod events;
mod expression;
mod members;
mod test;
mod value;
mod window;

pub(crate) use members::Members;

use ecrm_xml::{Element, ErrorCode, Name, Vocabulary, Writer, XmlError, XmlForm};

use crate::criteria::Criteria;

/// The namespace. A change that readers of this version would misunderstand gets another one.
pub const NAMESPACE: &str = "urn:ecrm:segmentation:1";

/// The prefix (none). The order of elements is that of the tree.
pub const VOCABULARY: Vocabulary = Vocabulary {
    prefixes: &[("", NAMESPACE)],
    order: |_| &[],
};

const CRITERIA: Name<'static> = own("criteria");

impl XmlForm for Criteria {
    const NAME: Name<'static> = CRITERIA;

    fn write(&self, writer: &mut Writer<'_>) {
        writer.within(CRITERIA, |writer| criteria::write(self, writer));
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        criteria::read(&only_child(element, "a criterion")?, 0)
    }
}

const fn own(local: &str) -> Name<'_> {
    Name::new(NAMESPACE, local)
}

/// The children that are ours, each taken.
fn children<'r>(element: &Element<'r>) -> Vec<Element<'r>> {
    let ours = element.children().filter(|child| child.name().namespace == NAMESPACE);
    ours.inspect(Element::take).collect()
}

fn only_child<'r>(element: &Element<'r>, what: &str) -> Result<Element<'r>, XmlError> {
    let mut children = children(element);
    match (children.pop(), children.is_empty()) {
        (Some(child), true) => Ok(child),
        _ => Err(element.error(ErrorCode::Missing, format_args!("must hold exactly {what}"))),
    }
}

fn unknown(element: &Element<'_>, what: &str) -> XmlError {
    element.error(ErrorCode::Unexpected, format_args!("this is not {what}"))
}
