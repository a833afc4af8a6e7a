//! The order in which the schema has the children of each element.

use super::NAMESPACE;
use super::parts::own;
use crate::{Name, Vocabulary};

/// The prefix (none) and the order of the elements, for [`Writer`](crate::Writer).
pub const VOCABULARY: Vocabulary = Vocabulary {
    prefixes: &[("", NAMESPACE)],
    order,
};

fn order(parent: Name<'_>) -> &'static [Name<'static>] {
    if parent.namespace != NAMESPACE {
        return &[];
    }
    match parent.local {
        "activity" => ACTIVITY,
        "address" => ADDRESS,
        "attribute" => ATTRIBUTE,
        "cart" | "order" | "return" => ORDER,
        "consent" => CONSENT,
        "contact" => CONTACT,
        "customer" => CUSTOMER,
        "end" => END,
        "identifier" => IDENTIFIER,
        "interaction" => INTERACTION,
        "line" | "wish" => LINE,
        "metric" => METRIC,
        "name" => NAME,
        "page" => PAGE,
        "promise" => PROMISE,
        "recipient" => RECIPIENT,
        "search" => SEARCH,
        "visit" => VISIT,
        _ => &[],
    }
}

const EXTENSION: Name<'static> = own("extension");

const ACTIVITY: &[Name<'static>] = &[
    own("source"),
    own("cart"),
    own("interaction"),
    own("order"),
    own("orderStatus"),
    own("retracted"),
    own("return"),
    own("visit"),
    own("wish"),
    EXTENSION,
];

const ADDRESS: &[Name<'static>] = &[
    own("addressLine"),
    own("locality"),
    own("region"),
    own("postalCode"),
    own("country"),
    EXTENSION,
];

const ATTRIBUTE: &[Name<'static>] = &[
    own("source"),
    own("boolean"),
    own("date"),
    own("decimal"),
    own("instant"),
    own("integer"),
    own("money"),
    own("text"),
    own("unknown"),
    EXTENSION,
];

const CONSENT: &[Name<'static>] = &[own("source"), own("textVersion"), own("proof"), EXTENSION];

const CONTACT: &[Name<'static>] = &[
    own("name"),
    own("organisation"),
    own("email"),
    own("phone"),
    own("address"),
    own("locale"),
    EXTENSION,
];

const CUSTOMER: &[Name<'static>] = &[
    own("source"),
    own("contact"),
    own("identifier"),
    own("attribute"),
    own("consent"),
    EXTENSION,
];

const END: &[Name<'static>] = &[own("evidence"), EXTENSION];

const IDENTIFIER: &[Name<'static>] = &[
    own("source"),
    own("device"),
    own("email"),
    own("external"),
    own("phone"),
    EXTENSION,
];

const INTERACTION: &[Name<'static>] = &[own("topic"), own("reference"), EXTENSION];

/// Of orders, carts and wishes: they share their parts.
const LINE: &[Name<'static>] = &[
    own("sku"),
    own("description"),
    own("quantity"),
    own("unitPrice"),
    own("amount"),
    own("category"),
    own("brand"),
    own("cost"),
    own("availability"),
    EXTENSION,
];

const METRIC: &[Name<'static>] = &[own("value"), own("unit"), EXTENSION];

const NAME: &[Name<'static>] = &[
    own("title"),
    own("given"),
    own("additional"),
    own("family"),
    own("suffix"),
    EXTENSION,
];

const ORDER: &[Name<'static>] = &[own("number"), own("line"), own("total"), EXTENSION];

const PAGE: &[Name<'static>] = &[own("path"), own("section"), EXTENSION];

const PROMISE: &[Name<'static>] = &[own("about"), own("what"), own("madeBy"), own("end"), EXTENSION];

const RECIPIENT: &[Name<'static>] = &[own("contact"), EXTENSION];

const SEARCH: &[Name<'static>] = &[own("query"), EXTENSION];

const VISIT: &[Name<'static>] = &[own("referrer"), own("page"), own("search"), EXTENSION];
