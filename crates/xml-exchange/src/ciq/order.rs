//! The children of the elements that this crate understands, in the order of the schemas of CIQ 3.0.

use ecrm_xml::Name;

use super::{XAL, XNL, XPIL, a, n, p};

/// The children of an element in schema order; nothing where the element is not one that this crate writes.
pub(super) fn child_order(parent: Name<'_>) -> &'static [Name<'static>] {
    match (parent.namespace, parent.local) {
        (XPIL, "Party") => PARTY,
        (XPIL, "PartyName") => PARTY_NAME,
        (XPIL, "Address") => ADDRESS,
        (XPIL, "Identifier") => IDENTIFIER,
        (XPIL, "BirthInfo") => BIRTH_INFO,
        (XNL, "OrganisationName") | (XPIL, "IssuerName") => ORGANISATION_NAME,
        (XAL, "AdministrativeArea") => ADMINISTRATIVE_AREA,
        (XAL, "Locality") => LOCALITY,
        (XAL, "Thoroughfare") => THOROUGHFARE,
        (XAL, "Premises") => PREMISES,
        _ => &[],
    }
}

const PARTY: &[Name<'static>] = &[
    p("FreeTextLines"),
    p("PartyName"),
    p("Addresses"),
    p("Accounts"),
    p("ContactNumbers"),
    p("Documents"),
    p("ElectronicAddressIdentifiers"),
    p("Events"),
    p("Identifiers"),
    p("Memberships"),
    p("Relationships"),
    p("Revenues"),
    p("Stocks"),
    p("Vehicles"),
    p("OrganisationInfo"),
    p("PersonInfo"),
    p("BirthInfo"),
    p("CountriesOfResidence"),
    p("Favourites"),
    p("Habits"),
    p("Hobbies"),
    p("Languages"),
    p("Nationalities"),
    p("Occupations"),
    p("PhysicalInfo"),
    p("Preferences"),
    p("Qualifications"),
    p("Visas"),
];

const PARTY_NAME: &[Name<'static>] = &[n("NameLine"), n("PersonName"), n("OrganisationName")];

const ORGANISATION_NAME: &[Name<'static>] = &[n("NameElement"), n("SubDivisionName")];

const IDENTIFIER: &[Name<'static>] = &[p("IdentifierElement"), p("IssuerName")];

const BIRTH_INFO: &[Name<'static>] = &[p("BirthInfoElement"), p("BirthPlaceDetails")];

const ADDRESS: &[Name<'static>] = &[
    a("FreeTextAddress"),
    a("Country"),
    a("AdministrativeArea"),
    a("Locality"),
    a("Thoroughfare"),
    a("Premises"),
    a("PostCode"),
    a("RuralDelivery"),
    a("PostalDeliveryPoint"),
    a("PostOffice"),
    a("GeoRSS"),
    a("LocationByCoordinates"),
];

const ADMINISTRATIVE_AREA: &[Name<'static>] = &[a("NameElement"), a("SubAdministrativeArea")];

const LOCALITY: &[Name<'static>] = &[a("NameElement"), a("SubLocality")];

// Names and numbers come in any order and are all understood, so that only what follows them is put back.
const THOROUGHFARE: &[Name<'static>] = &[a("NameElement"), a("Number"), a("SubThoroughfare")];

const PREMISES: &[Name<'static>] = &[a("NameElement"), a("Number"), a("SubPremises")];
