//! All that is said in one language.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::format::Format;
use super::phrase::{Phrase, Written};
use crate::MailError;
use crate::notice::NoticeKind;

type Phrases = BTreeMap<String, Phrase>;

/// One language: how it writes numbers and days, the phrases that many notices share, and those of each notice.
#[derive(Debug, Clone)]
pub(crate) struct Texts {
    pub(crate) locale: String,
    pub(crate) format: Format,
    common: Phrases,
    notices: BTreeMap<String, Phrases>,
}

/// A file of texts. A shop's own file may name only what it says differently; the first file of a language says everything.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: Option<Format>,
    #[serde(default)]
    common: BTreeMap<String, Written>,
    #[serde(default)]
    notices: BTreeMap<String, BTreeMap<String, Written>>,
}

impl Texts {
    /// Reads the file of a language, over what was known of the language before.
    pub(super) fn read(locale: &str, json: &str, before: Option<&Self>) -> Result<Self, MailError> {
        let broken = |what: String| MailError::Template(format!("the texts of `{locale}`: {what}"));
        let file: File = serde_json::from_str(json).map_err(|error| broken(error.to_string()))?;
        let mut texts = match (before, file.format) {
            (Some(before), None) => before.clone(),
            (before, Some(format)) => Self {
                locale: locale.to_owned(),
                format,
                common: before.map(|before| before.common.clone()).unwrap_or_default(),
                notices: before.map(|before| before.notices.clone()).unwrap_or_default(),
            },
            (None, None) => return Err(broken("a new language needs a `format`".to_owned())),
        };
        merge(&mut texts.common, &file.common).map_err(|what| broken(format!("common.{what}")))?;
        for (kind, phrases) in &file.notices {
            let notice = texts.notices.entry(kind.clone()).or_default();
            merge(notice, phrases).map_err(|what| broken(format!("notices.{kind}.{what}")))?;
        }
        Ok(texts)
    }

    /// Checks that this language says all that the models say, and puts in no value that none of them puts in there.
    pub(super) fn check(&self, models: &[&Self]) -> Result<(), MailError> {
        let Some(model) = models.first() else { return Ok(()) };
        for (path, phrase) in self.all() {
            let known: BTreeSet<&str> = models
                .iter()
                .filter_map(|model| model.at(&path))
                .flat_map(Phrase::places)
                .collect();
            if model.at(&path).is_none() {
                return Err(self.broken(&path, "is not known; it is never said"));
            }
            if let Some(place) = phrase
                .places()
                .into_iter()
                .find(|place| !known.contains(place) && *place != "shop")
            {
                return Err(self.broken(&path, &format!("has no value `{place}`")));
            }
        }
        match model.all().find(|(path, _)| self.at(path).is_none()) {
            Some((path, _)) => Err(self.broken(&path, "is missing")),
            None => Ok(()),
        }
    }

    pub(crate) fn common(&self, key: &str) -> Result<&Phrase, MailError> {
        self.common
            .get(key)
            .ok_or_else(|| self.broken(&(None, key), "is missing"))
    }

    pub(crate) fn of_notice(&self, kind: NoticeKind, key: &str) -> Result<&Phrase, MailError> {
        let phrase = self.notices.get(kind.name()).and_then(|phrases| phrases.get(key));
        phrase.ok_or_else(|| self.broken(&(Some(kind.name()), key), "is missing"))
    }

    fn all(&self) -> impl Iterator<Item = ((Option<&str>, &str), &Phrase)> {
        let common = self.common.iter().map(|(key, phrase)| ((None, key.as_str()), phrase));
        let notices = self.notices.iter().flat_map(|(kind, phrases)| {
            phrases
                .iter()
                .map(move |(key, phrase)| ((Some(kind.as_str()), key.as_str()), phrase))
        });
        common.chain(notices)
    }

    fn at(&self, (kind, key): &(Option<&str>, &str)) -> Option<&Phrase> {
        match kind {
            Some(kind) => self.notices.get(*kind)?.get(*key),
            None => self.common.get(*key),
        }
    }

    fn broken(&self, (kind, key): &(Option<&str>, &str), what: &str) -> MailError {
        let path = kind.map_or_else(|| format!("common.{key}"), |kind| format!("notices.{kind}.{key}"));
        MailError::Template(format!("the texts of `{}`: {path} {what}", self.locale))
    }
}

fn merge(into: &mut Phrases, written: &BTreeMap<String, Written>) -> Result<(), String> {
    for (key, phrase) in written {
        let phrase = Phrase::parse(phrase).map_err(|what| format!("{key} {what}"))?;
        into.insert(key.clone(), phrase);
    }
    Ok(())
}
