//! How mails look and what they say: the built-in theme, and what a shop puts in its place.

mod ascii;
mod format;
mod phrase;
mod texts;

use std::collections::BTreeMap;
use std::path::Path;
use std::{fmt, fs, io};

use chrono::{DateTime, Utc};
use ecrm_core::Locale;
use ecrm_store::Session;
use minijinja::value::Value;
use minijinja::{Environment, UndefinedBehavior};

pub(crate) use phrase::Phrase;
pub(crate) use texts::Texts;

use crate::notice::NoticeKind;
use crate::{MailError, Mailer, store};

const HTML: &str = "mail.html";
const TEXT: &str = "mail.txt";

/// The languages that are built in, the first one being used where none fits.
const LOCALES: [(&str, &str); 4] = [
    ("en", include_str!("locales/en.json")),
    ("de", include_str!("locales/de.json")),
    ("es", include_str!("locales/es.json")),
    ("fr", include_str!("locales/fr.json")),
];

/// The templates and texts of a shop's mails: the built-in ones, with those of the shop over them.
///
/// A shop may replace
/// - `mail.html` and `mail.txt`, the frame of every mail (its template can say `{% extends "builtin/mail.html" %}`),
/// - `order_shipped.html` and the like, the mail of one notice,
/// - `locales/de.json`, words and phrases of a language, or a whole new language.
///
/// [`Mailer::with_theme`](crate::Mailer::with_theme) tries it with every notice in every language before a customer sees it.
pub struct Theme {
    builtin: Environment<'static>,
    own: Option<Environment<'static>>,
    texts: BTreeMap<String, Texts>,
    builtin_texts: BTreeMap<String, Texts>,
}

impl Theme {
    /// The built-in theme.
    ///
    /// # Errors
    /// [`MailError::Template`] when a built-in file is broken, which a test rules out.
    pub fn builtin() -> Result<Self, MailError> {
        let mut texts = BTreeMap::new();
        for (locale, json) in LOCALES {
            texts.insert(locale.to_owned(), Texts::read(locale, json, None)?);
        }
        Ok(Self {
            builtin: environment()?,
            own: None,
            builtin_texts: texts.clone(),
            texts,
        })
    }

    /// The theme with a file of the shop: a template such as `mail.html` or `order_shipped.txt`, or texts such as `locales/de.json`.
    ///
    /// # Errors
    /// [`MailError::Template`] with the place of the fault, or for a name that nothing is called by.
    pub fn with_file(mut self, name: &str, source: &str) -> Result<Self, MailError> {
        match name
            .strip_prefix("locales/")
            .and_then(|file| file.strip_suffix(".json"))
        {
            Some(locale) => self.add_texts(locale, source)?,
            None => self.add_template(name, source)?,
        }
        Ok(self)
    }

    /// The theme with all files of a folder: `*.html`, `*.txt` and `locales/*.json`. Others are passed over.
    ///
    /// # Errors
    /// As [`with_file`](Self::with_file), and when a file cannot be read.
    pub fn with_folder(mut self, folder: &Path) -> Result<Self, MailError> {
        let unreadable = |error: io::Error| MailError::Template(format!("the theme cannot be read: {error}"));
        for (sub, endings) in [("", &["html", "txt"][..]), ("locales", &["json"][..])] {
            let path = folder.join(sub);
            // A theme need not have texts of its own, but it must be there.
            if !sub.is_empty() && !path.is_dir() {
                continue;
            }
            let mut files: Vec<_> = fs::read_dir(path)
                .map_err(unreadable)?
                .collect::<Result<_, _>>()
                .map_err(unreadable)?;
            files.sort_by_key(fs::DirEntry::file_name);
            for file in files {
                let path = file.path();
                if path
                    .extension()
                    .is_some_and(|ending| endings.iter().any(|known| ending == *known))
                {
                    let source = fs::read_to_string(&path).map_err(unreadable)?;
                    let name = Path::new(sub).join(file.file_name());
                    self = self.with_file(&name.to_string_lossy().replace('\\', "/"), &source)?;
                }
            }
        }
        Ok(self)
    }

    /// The languages that mails can be in.
    pub fn locales(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// The texts for a recipient: `de-AT`, else `de`, else English.
    pub(crate) fn texts_for(&self, wanted: Option<&Locale>) -> Result<&Texts, MailError> {
        let found = wanted
            .into_iter()
            .flat_map(Locale::fallbacks)
            .find_map(|tag| self.texts.get(tag));
        found.map_or_else(|| self.texts(LOCALES[0].0), Ok)
    }

    pub(crate) fn texts(&self, locale: &str) -> Result<&Texts, MailError> {
        self.texts
            .get(locale)
            .ok_or_else(|| MailError::Template(format!("there are no texts of `{locale}`")))
    }

    /// The built-in texts that stand nearest to a language of the shop's.
    pub(crate) fn builtin_texts(&self, locale: &str) -> Result<&Texts, MailError> {
        let found = self
            .builtin_texts
            .get(locale)
            .or_else(|| self.builtin_texts.get(LOCALES[0].0));
        found.ok_or_else(|| MailError::Template("there are no built-in texts".to_owned()))
    }

    /// True where a shop has put anything of its own over the built-in theme.
    pub(crate) fn has_own(&self) -> bool {
        self.own.is_some()
    }

    /// The HTML and the text part of a mail.
    pub(crate) fn render(
        &self,
        templates: Templates,
        kind: NoticeKind,
        context: &Value,
    ) -> Result<(String, String), MailError> {
        let (environment, html, text) = match (&self.own, templates) {
            (Some(own), Templates::Own) => (
                own,
                of_notice(own, kind, "html", HTML),
                of_notice(own, kind, "txt", TEXT),
            ),
            _ => (&self.builtin, HTML.to_owned(), TEXT.to_owned()),
        };
        let html = ascii::in_ascii(render(environment, &html, context)?);
        Ok((html, render(environment, &text, context)?))
    }

    fn add_texts(&mut self, locale: &str, json: &str) -> Result<(), MailError> {
        let locale: Locale = locale
            .parse()
            .map_err(|_| MailError::Template(format!("`{locale}` is no language tag")))?;
        let locale = locale.as_str();
        let before = self.texts.get(locale);
        let texts = Texts::read(locale, json, before)?;
        texts.check(&self.builtin_texts.values().collect::<Vec<_>>())?;
        self.texts.insert(locale.to_owned(), texts);
        self.own()?;
        Ok(())
    }

    fn add_template(&mut self, name: &str, source: &str) -> Result<(), MailError> {
        let stem = name.strip_suffix(".html").or_else(|| name.strip_suffix(".txt"));
        let is_known = |stem: &str| stem == "mail" || <NoticeKind as ecrm_core::Code>::from_code(stem).is_ok();
        if !stem.is_some_and(is_known) {
            return Err(MailError::Template(format!(
                "`{name}` is no template of a mail; those are mail.html, mail.txt, and .html and .txt of each notice"
            )));
        }
        let (name, source) = (name.to_owned(), source.to_owned());
        self.own()?.add_template_owned(name, source).map_err(template_error)
    }

    fn own(&mut self) -> Result<&mut Environment<'static>, MailError> {
        if self.own.is_none() {
            let mut own = environment()?;
            // A template of a shop does not run for ever.
            own.set_fuel(Some(5_000_000));
            self.own = Some(own);
        }
        self.own
            .as_mut()
            .ok_or_else(|| MailError::Template("the theme is empty".to_owned()))
    }
}

/// Whose templates are used.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Templates {
    /// The shop's own where there are any, else the built-in ones.
    Own,
    Builtin,
}

impl fmt::Debug for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.locales()).finish()
    }
}

fn environment() -> Result<Environment<'static>, MailError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, builtin, source) in [
        (HTML, "builtin/mail.html", include_str!("templates/mail.html")),
        (TEXT, "builtin/mail.txt", include_str!("templates/mail.txt")),
    ] {
        environment.add_template(name, source).map_err(template_error)?;
        environment.add_template(builtin, source).map_err(template_error)?;
    }
    Ok(environment)
}

/// The template of a notice, if the shop has one of its own, else the frame of all mails.
fn of_notice(environment: &Environment<'_>, kind: NoticeKind, ending: &str, frame: &str) -> String {
    let own = format!("{}.{ending}", kind.name());
    if environment.get_template(&own).is_ok() {
        own
    } else {
        frame.to_owned()
    }
}

fn render(environment: &Environment<'_>, name: &str, context: &Value) -> Result<String, MailError> {
    environment
        .get_template(name)
        .and_then(|template| template.render(context))
        .map_err(template_error)
}

/// Where a template is broken, and how. The values of the mail are not in it.
#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn template_error(error: minijinja::Error) -> MailError {
    let place = error.name().map_or_else(String::new, |name| format!(" in {name}"));
    let line = error.line().map_or_else(String::new, |line| format!(" at line {line}"));
    let detail = match error.kind() {
        // Its detail quotes the template alone; that of others may quote a value.
        minijinja::ErrorKind::SyntaxError => error.detail().map_or_else(String::new, |detail| format!(": {detail}")),
        _ => String::new(),
    };
    MailError::Template(format!("{}{place}{line}{detail}", error.kind()))
}

/// Stores a file of the shop's theme in the database, after every notice was tried with it and the files that are stored already:
/// `order_shipped.html`, `locales/de.json`.
///
/// # Errors
/// [`MailError::Template`] when the file is broken; nothing is stored then.
pub fn save_template(session: &mut dyn Session, name: &str, source: &str, now: DateTime<Utc>) -> Result<(), MailError> {
    let theme = load_theme(session)?.with_file(name, source)?;
    Mailer::new("Shop", "shop@shop.example".parse()?)?.with_theme(theme)?;
    Ok(store::save_template(session, name, source, now)?)
}

/// Removes a file of the shop's theme from the database; tells whether it was there.
///
/// # Errors
/// Those of the database.
pub fn remove_template(session: &mut dyn Session, name: &str) -> Result<bool, MailError> {
    Ok(store::remove_template(session, name)?)
}

/// The built-in theme with all files that are stored in the database.
///
/// # Errors
/// [`MailError::Template`] when a stored file is broken, and those of the database.
pub fn load_theme(session: &mut dyn Session) -> Result<Theme, MailError> {
    let files = store::templates(session)?;
    files
        .iter()
        .try_fold(Theme::builtin()?, |theme, (name, source)| theme.with_file(name, source))
}
