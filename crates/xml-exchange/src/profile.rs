//! A party of any vocabulary as the core model knows it.

use ecrm_core::{
    ContactData, Country, EmailAddress, ExternalRef, Locale, Organisation, PersonName, PhoneNumber, PostalAddress,
    ValueError,
};

/// What the core model can use of a party, and what it cannot.
///
/// Documents hold e-mail addresses without a domain, telephone numbers without a country, countries that are only names in
/// another language. None of that makes a document bad: it stays in the document's own record, and is told here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartyProfile {
    /// Name, organisation, mailbox, telephone, address and language, as far as they are usable.
    pub contact: ContactData,
    /// The keys of the party in the systems of others.
    pub identifiers: Vec<ExternalRef>,
    /// What was there and could not be used.
    pub unusable: Vec<Unusable>,
}

/// Something that the core model refused. The value itself is not told: it is personal data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{part}: {why}")]
#[non_exhaustive]
pub struct Unusable {
    /// The part of the party: `email`, `phone`, `address`, `name`, `organisation`, `language`, `identifier`.
    pub part: &'static str,
    /// Why it was refused.
    pub why: ValueError,
}

impl PartyProfile {
    /// A party with these contact data and keys.
    #[must_use]
    pub fn new(contact: ContactData, identifiers: Vec<ExternalRef>) -> Self {
        let unusable = Vec::new();
        Self {
            contact,
            identifiers,
            unusable,
        }
    }

    /// Uses the first of several e-mail addresses that can be used.
    pub(crate) fn use_email<'t>(&mut self, candidates: impl IntoIterator<Item = &'t str>) {
        let found = self.first_usable("email", candidates, str::parse::<EmailAddress>);
        self.change(found, ContactData::with_email);
    }

    /// Uses the first of several telephone numbers that can be used.
    pub(crate) fn use_phone<'t>(&mut self, candidates: impl IntoIterator<Item = &'t str>) {
        let found = self.first_usable("phone", candidates, str::parse::<PhoneNumber>);
        self.change(found, ContactData::with_phone);
    }

    /// Uses the first of several languages that can be used.
    pub(crate) fn use_language<'t>(&mut self, candidates: impl IntoIterator<Item = &'t str>) {
        let found = self.first_usable("language", candidates, str::parse::<Locale>);
        self.change(found, ContactData::with_locale);
    }

    /// Uses the first of several names of an organisation that can be used.
    pub(crate) fn use_organisation<'t>(&mut self, candidates: impl IntoIterator<Item = &'t str>) {
        let found = self.first_usable("organisation", candidates, Organisation::new);
        self.change(found, ContactData::with_organisation);
    }

    /// Uses the first of several names of a person that can be used.
    pub(crate) fn use_name(&mut self, candidates: impl IntoIterator<Item = NameParts>) {
        let found = self.first_usable("name", candidates, |parts| parts.name());
        self.change(found, ContactData::with_name);
    }

    /// Uses the first of several addresses that can be used.
    pub(crate) fn use_address(&mut self, candidates: impl IntoIterator<Item = AddressParts>) {
        let found = self.first_usable("address", candidates, |parts| parts.address());
        self.change(found, ContactData::with_address);
    }

    /// Uses a key of a system.
    pub(crate) fn use_identifier(&mut self, system: &str, key: &str) {
        match ExternalRef::new(system, key) {
            Ok(identifier) => self.identifiers.push(identifier),
            Err(why) => self.refuse("identifier", why),
        }
    }

    fn first_usable<C, T>(
        &mut self,
        part: &'static str,
        candidates: impl IntoIterator<Item = C>,
        make: impl Fn(C) -> Result<T, ValueError>,
    ) -> Option<T> {
        for candidate in candidates {
            match make(candidate) {
                Ok(value) => return Some(value),
                Err(why) => self.refuse(part, why),
            }
        }
        None
    }

    fn refuse(&mut self, part: &'static str, why: ValueError) {
        self.unusable.push(Unusable { part, why });
    }

    fn change<T>(&mut self, value: Option<T>, with: impl FnOnce(ContactData, T) -> ContactData) {
        if let Some(value) = value {
            self.contact = with(std::mem::take(&mut self.contact), value);
        }
    }
}

/// The parts of a name before the core model has looked at them. Empty parts count as missing.
#[derive(Default)]
pub(crate) struct NameParts {
    pub(crate) title: String,
    pub(crate) given: String,
    pub(crate) additional: String,
    pub(crate) family: String,
    pub(crate) suffix: String,
}

impl NameParts {
    /// Titles alone name nobody.
    pub(crate) fn is_nobody(&self) -> bool {
        self.given.trim().is_empty() && self.family.trim().is_empty()
    }

    fn name(&self) -> Result<PersonName, ValueError> {
        let name = match (self.given.trim(), self.family.trim()) {
            (given, "") => PersonName::single(given),
            ("", family) => PersonName::family_only(family),
            (given, family) => PersonName::new(given, family),
        };
        let name = with(name?, &self.title, PersonName::with_title)?;
        let name = with(name, &self.additional, PersonName::with_additional)?;
        with(name, &self.suffix, PersonName::with_suffix)
    }
}

/// The name with a part, where there is something in it.
fn with(
    name: PersonName,
    part: &str,
    add: impl Fn(PersonName, &str) -> Result<PersonName, ValueError>,
) -> Result<PersonName, ValueError> {
    if part.trim().is_empty() {
        Ok(name)
    } else {
        add(name, part)
    }
}

/// The parts of an address before the core model has looked at them. Empty parts count as missing.
#[derive(Default)]
pub(crate) struct AddressParts {
    pub(crate) lines: Vec<String>,
    pub(crate) locality: String,
    pub(crate) region: String,
    pub(crate) postal_code: String,
    /// A code or a name.
    pub(crate) countries: Vec<String>,
}

impl AddressParts {
    fn address(&self) -> Result<PostalAddress, ValueError> {
        let lines = self
            .lines
            .iter()
            .map(|line| line.trim())
            .filter(|line| !line.is_empty());
        let country = country(&self.countries)?;
        let mut address = PostalAddress::new(&lines.collect::<Vec<_>>(), &self.locality, country)?;
        if !self.region.trim().is_empty() {
            address = address.with_region(&self.region)?;
        }
        if !self.postal_code.trim().is_empty() {
            address = address.with_postal_code(&self.postal_code)?;
        }
        Ok(address)
    }
}

/// The country of the first text that is a code of two or three letters, or the English name.
fn country(texts: &[String]) -> Result<Country, ValueError> {
    let known = |text: &String| {
        let text = text.trim();
        Country::all().find(|country| {
            let spellings = [country.code(), country.alpha3(), country.name()];
            spellings.iter().any(|spelling| spelling.eq_ignore_ascii_case(text))
        })
    };
    texts.iter().find_map(known).ok_or_else(|| {
        ValueError::new(
            "country",
            "is neither a code of ISO 3166-1 nor its English name; write a code such as `DE`",
        )
    })
}

/// Words that stand beside each other, without those that are empty.
pub(crate) fn joined<'t>(words: impl IntoIterator<Item = &'t str>) -> String {
    let words = words.into_iter().map(str::trim).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}
