//! Cards and parties of the core model.

use ecrm_core::{ContactData, ExternalRef, PersonName, PostalAddress};

use super::{Card, CardAddress, PhoneValue, Property, StructuredName};
use crate::profile::{AddressParts, NameParts, PartyProfile, joined};

/// The system that an identifier without a scheme is listed under.
const NO_SCHEME: &str = "xcard";
/// The scheme of keys whose system cannot be one.
const OWN_SCHEME: &str = "ecrm";

impl Card {
    /// What the core model can use of it. Of several values the one that is preferred most comes first; a fax or pager is no telephone.
    #[must_use]
    pub fn profile(&self) -> PartyProfile {
        let mut profile = PartyProfile::default();
        let is_organisation = self.kind.as_deref() == Some("org");
        let full_names = preferred(&self.full_names).map(|name| name.value.trim());
        let full_names: Vec<&str> = full_names.filter(|name| !name.is_empty()).collect();
        let structured = self
            .name
            .iter()
            .map(StructuredName::parts)
            .filter(|parts| !parts.is_nobody());
        let single = full_names.iter().filter(|_| !is_organisation).map(|name| NameParts {
            given: (*name).to_owned(),
            ..NameParts::default()
        });
        profile.use_name(structured.chain(single));
        let organisations = preferred(&self.organisations).filter_map(|property| property.value.first());
        let organisations = organisations
            .map(String::as_str)
            .chain(full_names.iter().copied().filter(|_| is_organisation));
        profile.use_organisation(organisations);
        profile.use_email(preferred(&self.emails).map(|email| email.value.as_str()));
        let spoken = preferred(&self.phones).filter(|phone| is_for_speaking(phone));
        profile.use_phone(spoken.map(|phone| phone.value.number()));
        profile.use_address(preferred(&self.addresses).map(|address| address.value.parts()));
        profile.use_language(preferred(&self.languages).map(|language| language.value.as_str()));
        if let Some(uid) = &self.uid {
            let (system, key) = key_of(uid);
            profile.use_identifier(&system, &key);
        }
        profile
    }

    /// A card of the core model. It has room for one key, the first, which becomes its `uid`; the caller knows whether the others
    /// matter to the receiver.
    #[must_use]
    pub fn from_profile(profile: &PartyProfile) -> Self {
        let contact = &profile.contact;
        let organisation = contact
            .organisation()
            .map(|organisation| organisation.as_str().to_owned());
        let kind = if contact.name().is_some() {
            Some("individual")
        } else {
            organisation.as_ref().map(|_| "org")
        };
        Self {
            uid: profile.identifiers.first().map(uri_of),
            kind: kind.map(str::to_owned),
            full_names: vec![Property::from(full_name(contact))],
            name: contact.name().map(StructuredName::from),
            addresses: contact
                .address()
                .map(|address| CardAddress::from(address).into())
                .into_iter()
                .collect(),
            phones: contact
                .phone()
                .map(|phone| PhoneValue::Uri(format!("tel:{}", phone.as_str())).into())
                .into_iter()
                .collect(),
            emails: contact
                .email()
                .map(|email| email.as_str().to_owned().into())
                .into_iter()
                .collect(),
            // The schema of the RFC knows language tags in lower case only.
            languages: contact
                .locale()
                .map(|locale| locale.as_str().to_ascii_lowercase().into())
                .into_iter()
                .collect(),
            organisations: organisation.map(|name| vec![name].into()).into_iter().collect(),
            ..Self::default()
        }
    }
}

/// A card needs a name to show; where none is known it is empty, and not made up.
fn full_name(contact: &ContactData) -> String {
    let organisation = contact
        .organisation()
        .map(|organisation| organisation.as_str().to_owned());
    contact
        .name()
        .map(PersonName::full)
        .or(organisation)
        .unwrap_or_default()
}

/// Properties by preference; those without one come last, in their order.
fn preferred<T>(properties: &[Property<T>]) -> impl Iterator<Item = &Property<T>> {
    let mut sorted: Vec<&Property<T>> = properties.iter().collect();
    sorted.sort_by_key(|property| {
        let preference = property.parameters.preference.as_deref();
        preference
            .and_then(|number| number.parse::<u8>().ok())
            .unwrap_or(u8::MAX)
    });
    sorted.into_iter()
}

fn is_for_speaking(phone: &Property<PhoneValue>) -> bool {
    let types = &phone.parameters.types;
    let is = |word: &str| types.iter().any(|kind| kind.eq_ignore_ascii_case(word));
    is("voice") || is("cell") || !(is("fax") || is("pager") || is("textphone"))
}

impl PhoneValue {
    /// The number without scheme and extension.
    fn number(&self) -> &str {
        match self {
            Self::Text(number) => number,
            Self::Uri(uri) => {
                let number = uri.strip_prefix("tel:").unwrap_or(uri);
                number.split(';').next().unwrap_or(number)
            }
        }
    }
}

fn words(words: &[String]) -> String {
    joined(words.iter().map(String::as_str))
}

impl StructuredName {
    fn parts(&self) -> NameParts {
        NameParts {
            title: words(&self.prefixes),
            given: words(&self.given),
            additional: words(&self.additional),
            family: words(&self.surnames),
            suffix: words(&self.suffixes),
        }
    }
}

impl From<&PersonName> for StructuredName {
    fn from(name: &PersonName) -> Self {
        let words = |part: Option<&str>| part.map(str::to_owned).into_iter().collect();
        Self {
            surnames: words(name.family()),
            given: words(name.given()),
            additional: words(name.additional()),
            prefixes: words(name.title()),
            suffixes: words(name.suffix()),
        }
    }
}

impl CardAddress {
    fn parts(&self) -> AddressParts {
        let lines = [&self.streets, &self.extensions, &self.post_boxes];
        AddressParts {
            lines: lines.into_iter().flatten().cloned().collect(),
            locality: words(&self.localities),
            region: words(&self.regions),
            postal_code: words(&self.postal_codes),
            countries: self.countries.clone(),
        }
    }
}

impl From<&PostalAddress> for CardAddress {
    fn from(address: &PostalAddress) -> Self {
        let part = |part: Option<&str>| part.map(str::to_owned).into_iter().collect();
        Self {
            streets: address.lines().to_vec(),
            localities: vec![address.locality().to_owned()],
            regions: part(address.region()),
            postal_codes: part(address.postal_code()),
            countries: vec![address.country().name().to_owned()],
            ..Self::default()
        }
    }
}

/// A key as a URI: `shop:C-1001`. A system that cannot be a scheme goes behind one.
fn uri_of(key: &ExternalRef) -> String {
    let system = key.system();
    if system == NO_SCHEME && !key.key().contains(':') {
        return escaped(key.key());
    }
    let is_scheme = system.starts_with(|c: char| c.is_ascii_alphabetic())
        && system.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        && system != OWN_SCHEME;
    let key = escaped(key.key());
    if is_scheme {
        format!("{system}:{key}")
    } else {
        format!("{OWN_SCHEME}:{}:{key}", escaped(system))
    }
}

/// System and key of a URI.
fn key_of(uri: &str) -> (String, String) {
    let Some((scheme, rest)) = uri.split_once(':') else {
        return (NO_SCHEME.to_owned(), unescaped(uri));
    };
    match rest.split_once(':') {
        Some((system, key)) if scheme == OWN_SCHEME => (unescaped(system), unescaped(key)),
        _ => (scheme.to_owned(), unescaped(rest)),
    }
}

/// Per cent signs for what cannot stand in a URI.
fn escaped(text: &str) -> String {
    let mut uri = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

fn unescaped(uri: &str) -> String {
    let mut bytes = Vec::with_capacity(uri.len());
    let mut rest = uri.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let code = behind.get(..2).filter(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        let code = code.and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            _ => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| uri.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_as_uris() {
        for (system, key, uri) in [
            ("shop", "C-1001", "shop:C-1001"),
            ("urn", "uuid:6e7c1a52", "urn:uuid:6e7c1a52"),
            ("our shop", "50 %", "ecrm:our%20shop:50%20%25"),
            ("ecrm", "a:b", "ecrm:ecrm:a:b"),
            ("xcard", "7", "7"),
            ("kasse", "Grüße", "kasse:Gr%C3%BC%C3%9Fe"),
        ] {
            let reference = ExternalRef::new(system, key).unwrap();
            assert_eq!(uri_of(&reference), uri);
            assert_eq!(key_of(uri), (system.to_owned(), key.to_owned()));
        }
    }
}
