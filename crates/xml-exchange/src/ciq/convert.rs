//! Parties of xPIL and of the core model.

use ecrm_core::{ContactData, PersonName, PostalAddress};

use super::{Address, ContactNumber, Party, PartyIdentifier, PartyName, PlacePart, Typed};
use crate::profile::{AddressParts, NameParts, PartyProfile, joined};

/// The system that a party's own id is listed under where its type is not told.
const NO_TYPE: &str = "ciq";

impl Party {
    /// What the core model can use of it: the first person and organisation among the names, the first address, telephone number
    /// (no fax, no pager), e-mail address and language that are usable.
    #[must_use]
    pub fn profile(&self) -> PartyProfile {
        let mut profile = PartyProfile::default();
        self.names(&mut profile);
        profile.use_address(self.addresses.iter().map(Address::parts));
        let spoken = self.contact_numbers.iter().filter(|number| number.is_for_speaking());
        let numbers: Vec<String> = spoken.map(ContactNumber::number).collect();
        profile.use_phone(numbers.iter().map(String::as_str));
        let mailboxes = self.electronic_addresses.iter().filter(|address| is_mailbox(address));
        profile.use_email(mailboxes.map(|address| address.text.as_str()));
        let is_primary = |language: &&Typed| language.kind.as_deref() == Some("Primary");
        let (first, others): (Vec<_>, Vec<_>) = self.languages.iter().partition(is_primary);
        profile.use_language(first.into_iter().chain(others).map(|language| language.text.as_str()));
        if let Some(id) = &self.id {
            profile.use_identifier(self.id_type.as_deref().unwrap_or(NO_TYPE), id);
        }
        for identifier in &self.identifiers {
            let issuer = texts(&identifier.issuer);
            let kind = identifier.kind.clone().unwrap_or_else(|| NO_TYPE.to_owned());
            let system = if issuer.is_empty() { kind } else { issuer };
            let of_country = |element: &&Typed| element.kind.as_deref() == Some("IssuingCountryName");
            for element in identifier.elements.iter().filter(|element| !of_country(element)) {
                profile.use_identifier(&system, &element.text);
            }
        }
        profile
    }

    fn names(&self, profile: &mut PartyProfile) {
        let Some(name) = &self.name else { return };
        let is_organisation = self
            .kind
            .as_deref()
            .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("org"));
        let lines = name.lines.iter().map(String::as_str);
        let (people, firms): (Vec<&str>, Vec<&str>) = lines.partition(|_| !is_organisation);
        let single = people.into_iter().map(|line| NameParts {
            given: line.to_owned(),
            ..NameParts::default()
        });
        profile.use_name(name.persons.iter().map(|person| name_parts(person)).chain(single));
        let organisations: Vec<String> = name
            .organisations
            .iter()
            .map(|elements| organisation(elements))
            .collect();
        profile.use_organisation(organisations.iter().map(String::as_str).chain(firms));
    }

    /// A party of the core model. The first key is the party's id, the others are identifiers with the system as their issuer.
    #[must_use]
    pub fn from_profile(profile: &PartyProfile) -> Self {
        let contact = &profile.contact;
        let mut keys = profile.identifiers.iter();
        let own = keys.next();
        Self {
            id: own.map(|key| key.key().to_owned()),
            id_type: own
                .map(|key| key.system().to_owned())
                .filter(|system| system != NO_TYPE),
            kind: kind(contact),
            name: party_name(contact),
            addresses: contact.address().map(Address::from).into_iter().collect(),
            contact_numbers: contact
                .phone()
                .map(|phone| telephone(phone.as_str()))
                .into_iter()
                .collect(),
            electronic_addresses: contact
                .email()
                .map(|email| Typed::new(Some("EMAIL"), email.as_str()))
                .into_iter()
                .collect(),
            identifiers: keys
                .map(|key| PartyIdentifier {
                    kind: None,
                    elements: vec![Typed::new(Some("Identifier"), key.key())],
                    issuer: vec![Typed::new(None, key.system())],
                })
                .collect(),
            languages: contact
                .locale()
                .map(|locale| Typed::new(Some("Primary"), locale.as_str()))
                .into_iter()
                .collect(),
            ..Self::default()
        }
    }
}

fn kind(contact: &ContactData) -> Option<String> {
    let word = if contact.name().is_some() {
        "Person"
    } else {
        contact.organisation().map(|_| "Organisation")?
    };
    Some(word.to_owned())
}

fn party_name(contact: &ContactData) -> Option<PartyName> {
    let name = PartyName {
        lines: Vec::new(),
        persons: contact.name().map(name_elements).into_iter().collect(),
        organisations: contact
            .organisation()
            .map(|name| vec![Typed::new(None, name.as_str())])
            .into_iter()
            .collect(),
    };
    (name != PartyName::default()).then_some(name)
}

fn telephone(number: &str) -> ContactNumber {
    ContactNumber {
        media: Some("Telephone".to_owned()),
        elements: vec![Typed::new(None, number)],
    }
}

fn is_mailbox(address: &Typed) -> bool {
    let kind = address.kind.as_deref();
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case("EMAIL")) || kind.is_none() && address.text.contains('@')
}

fn texts(elements: &[Typed]) -> String {
    joined(elements.iter().map(|element| element.text.as_str()))
}

fn name_elements(name: &PersonName) -> Vec<Typed> {
    let parts = [
        ("PrecedingTitle", name.title()),
        ("FirstName", name.given()),
        ("MiddleName", name.additional()),
        ("LastName", name.family()),
        ("GenerationIdentifier", name.suffix()),
    ];
    let known = parts.into_iter().filter_map(|(kind, part)| Some((kind, part?)));
    known.map(|(kind, part)| Typed::new(Some(kind), part)).collect()
}

/// The parts of a person's name. What has no type is part of the given name, unless nothing has one: then it is the whole name.
fn name_parts(elements: &[Typed]) -> NameParts {
    let of = |kinds: &[&str]| {
        let fitting = elements
            .iter()
            .filter(|element| kinds.contains(&element.kind.as_deref().unwrap_or_default()));
        joined(fitting.map(|element| element.text.as_str()))
    };
    NameParts {
        title: of(&["PrecedingTitle", "Title"]),
        given: of(&["FirstName", ""]),
        additional: of(&["MiddleName", "OtherName"]),
        family: of(&["LastName"]),
        suffix: of(&["GenerationIdentifier", "Degree"]),
    }
}

/// The full name where one is marked so, else all parts.
fn organisation(elements: &[Typed]) -> String {
    let full = elements
        .iter()
        .find(|element| element.kind.as_deref() == Some("FullName"));
    full.map_or_else(|| texts(elements), |element| element.text.clone())
}

impl ContactNumber {
    fn is_for_speaking(&self) -> bool {
        !matches!(self.media.as_deref(), Some("Fax" | "Pager"))
    }

    /// The number as it would be dialled from abroad: a country code gets its plus sign, and the zero of national calls is left out
    /// behind it, except in Italy, where it is part of the number. Separators and extensions are left out.
    fn number(&self) -> String {
        let mut dialled = String::new();
        for element in &self.elements {
            let text = element.text.trim();
            match element.kind.as_deref() {
                Some("CountryCode") if !text.starts_with('+') => {
                    dialled.push('+');
                    dialled.push_str(text.trim_start_matches('0'));
                }
                Some("AreaCode") if dialled.starts_with('+') && dialled.trim_end() != "+39" => {
                    dialled.push_str(text.strip_prefix('0').unwrap_or(text));
                }
                Some("Separator" | "Extension" | "Pin") => continue,
                _ => dialled.push_str(text),
            }
            dialled.push(' ');
        }
        dialled
    }
}

impl Address {
    fn parts(&self) -> AddressParts {
        let words = |parts: &[PlacePart]| {
            joined(parts.iter().map(|part| match part {
                PlacePart::Name(text) | PlacePart::Number(text) => text.as_str(),
            }))
        };
        let (street, building) = (words(&self.thoroughfare), words(&self.premises));
        // A number alone belongs to the street.
        let only_number = self.premises.iter().all(|part| matches!(part, PlacePart::Number(_)));
        let mut lines = if only_number && !street.is_empty() {
            vec![joined([street.as_str(), building.as_str()])]
        } else {
            vec![street, building]
        };
        lines.extend(self.delivery_points.iter().cloned());
        lines.extend(self.free_lines.iter().cloned());
        let names = |names: &[String]| joined(names.iter().map(String::as_str));
        let codes = self.countries.iter().filter_map(|country| country.kind.clone());
        AddressParts {
            lines,
            locality: names(&self.localities),
            region: names(&self.regions),
            postal_code: names(&self.post_codes),
            countries: codes
                .chain(self.countries.iter().map(|country| country.text.clone()))
                .collect(),
        }
    }
}

impl From<&PostalAddress> for Address {
    /// The first line becomes the street, the others free lines; a number is not taken out of its line.
    fn from(address: &PostalAddress) -> Self {
        let mut lines = address.lines().iter().cloned();
        let country = address.country();
        Self {
            kind: Some("Primary".to_owned()),
            thoroughfare: lines.next().map(PlacePart::Name).into_iter().collect(),
            free_lines: lines.collect(),
            countries: vec![Typed::new(Some(country.code()), country.name())],
            regions: address.region().map(str::to_owned).into_iter().collect(),
            localities: vec![address.locality().to_owned()],
            post_codes: address.postal_code().map(str::to_owned).into_iter().collect(),
            ..Self::default()
        }
    }
}
