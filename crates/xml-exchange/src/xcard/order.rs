//! The order inside of properties. The properties themselves come in any.

use ecrm_xml::Name;

use super::v;

/// The children of an element in the order of the schema; nothing where any order will do.
pub(super) fn child_order(parent: Name<'_>) -> &'static [Name<'static>] {
    match parent.local {
        "vcards" | "vcard" => &[],
        "parameters" => PARAMETERS,
        "n" => NAME,
        "adr" => ADDRESS,
        "gender" => GENDER,
        _ => PROPERTY,
    }
}

/// The parameters of every property but `n`, which has two of them the other way round; those of `n` are kept as a whole.
const PARAMETERS: &[Name<'static>] = &[
    v("language"),
    v("altid"),
    v("pid"),
    v("pref"),
    v("type"),
    v("mediatype"),
    v("calscale"),
    v("sort-as"),
    v("geo"),
    v("tz"),
    v("label"),
];

const NAME: &[Name<'static>] = &[
    v("parameters"),
    v("surname"),
    v("given"),
    v("additional"),
    v("prefix"),
    v("suffix"),
];

const ADDRESS: &[Name<'static>] = &[
    v("parameters"),
    v("pobox"),
    v("ext"),
    v("street"),
    v("locality"),
    v("region"),
    v("code"),
    v("country"),
];

const GENDER: &[Name<'static>] = &[v("sex"), v("identity")];

const PROPERTY: &[Name<'static>] = &[
    v("parameters"),
    v("date"),
    v("language-tag"),
    v("text"),
    v("timestamp"),
    v("uri"),
];
