//! Where kept content goes back to: the order of children that the schemas ask for.

mod aggregates;
mod documents;

use ecrm_xml::Name;

use super::names::CAC;

/// The children of an element in schema order; nothing where the element is not one that this crate writes.
pub(super) fn child_order(parent: Name<'_>) -> &'static [Name<'static>] {
    if parent.namespace == CAC {
        aggregates::of(parent.local)
    } else {
        documents::of(parent.local)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::path::{Path, PathBuf};

    use roxmltree::{Document, Node};

    use super::*;

    /// The schemas, where they are.
    fn schemas() -> Option<PathBuf> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let corpora = std::env::var_os("ECRM_CORPORA").map_or_else(|| "../shared/corpora".into(), PathBuf::from);
        let folder = workspace.join(corpora).join("xml/ubl-2.1/xsdrt");
        if !folder.is_dir() {
            println!("skipped: {} is not there", folder.display());
            return None;
        }
        Some(folder)
    }

    /// Each type of a schema with its children.
    fn sequences(schema: &Document<'_>) -> HashMap<String, Vec<String>> {
        let types = schema
            .root_element()
            .children()
            .filter(|node| node.has_tag_name((XSD, "complexType")));
        types
            .map(|node| (node.attribute("name").unwrap().to_owned(), references(node)))
            .collect()
    }

    fn references(node: Node<'_, '_>) -> Vec<String> {
        let elements = node.descendants().filter(|node| node.has_tag_name((XSD, "element")));
        elements
            .filter_map(|element| element.attribute("ref"))
            .map(str::to_owned)
            .collect()
    }

    const XSD: &str = "http://www.w3.org/2001/XMLSchema";

    fn prefixed(name: &Name<'_>) -> String {
        let prefix = match name.namespace {
            CAC => "cac",
            crate::ubl::names::CBC => "cbc",
            _ => "ext",
        };
        format!("{prefix}:{}", name.local)
    }

    /// Asserts that what the schema lists stands in the same order here; there may be more between, of later versions.
    fn assert_in_order(parent: Name<'_>, schema: &[String]) {
        let known: Vec<String> = child_order(parent).iter().map(prefixed).collect();
        let common: Vec<&String> = known.iter().filter(|name| schema.contains(name)).collect();
        assert_eq!(common, schema.iter().collect::<Vec<_>>(), "{parent}");
    }

    #[test]
    fn the_order_of_children_is_that_of_the_schemas() {
        let Some(folder) = schemas() else { return };
        let text = std::fs::read_to_string(folder.join("common/UBL-CommonAggregateComponents-2.1.xsd")).unwrap();
        let schema = Document::parse(&text).unwrap();
        let types = sequences(&schema);
        let elements = schema
            .root_element()
            .children()
            .filter(|node| node.has_tag_name((XSD, "element")));
        let mut checked = 0;
        for element in elements {
            let name = Name::new(CAC, element.attribute("name").unwrap());
            if !child_order(name).is_empty() {
                assert_in_order(name, &types[element.attribute("type").unwrap()]);
                checked += 1;
            }
        }
        assert_eq!(checked, 50, "elements of which some children may be kept");
    }

    #[test]
    fn the_order_of_documents_is_that_of_the_schemas() {
        let Some(folder) = schemas() else { return };
        let kinds = [
            "ApplicationResponse",
            "DespatchAdvice",
            "Order",
            "OrderCancellation",
            "OrderResponse",
            "OrderResponseSimple",
        ];
        for kind in kinds {
            let text = std::fs::read_to_string(folder.join(format!("maindoc/UBL-{kind}-2.1.xsd"))).unwrap();
            let schema = Document::parse(&text).unwrap();
            let namespace = schema.root_element().attribute("targetNamespace").unwrap();
            assert_in_order(Name::new(namespace, kind), &sequences(&schema)[&format!("{kind}Type")]);
        }
    }
}
