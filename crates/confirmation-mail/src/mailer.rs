//! From a notice to the texts of its mail.

use std::fmt;

use chrono::{DateTime, FixedOffset, Offset, Utc};
use ecrm_core::{
    Code, EmailAddress, IdSource, Locale, Organisation, PersonName, Purpose, Recipient, Refusal, ValueError,
};
use ecrm_store::external_refs;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use crate::brand::Brand;
use crate::links::{Choice, Links};
use crate::mime::{Envelope, to_bytes};
use crate::model::{after, check_key};
use crate::notice::{Block, Notice, Page, Sample, Setting, Zone, checked_url, clean};
use crate::request::{ComposedMail, Delivery, MailRequest};
use crate::theme::{Templates, Texts, Theme};
use crate::{Attachment, MailError, promised, store};

/// For so long the link to unsubscribe works: longer than anybody keeps an advertisement.
const UNSUBSCRIBE_WITHIN: chrono::TimeDelta = chrono::TimeDelta::days(3653);

/// Composes the mails of one shop: its name and address, its theme, its links. Made once, used for every mail.
///
/// ```
/// use ecrm_confirmation_mail::Mailer;
/// let mailer = Mailer::new("Lamps & Co", "orders@lamps.example".parse()?)?.with_url("https://lamps.example/")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Mailer {
    shop: Organisation,
    sender: EmailAddress,
    url: Option<String>,
    zone: Box<Zone>,
    reply_to: Option<EmailAddress>,
    bounces_to: Option<EmailAddress>,
    theme: Theme,
    links: Option<Links>,
    brand: Brand,
    #[cfg(feature = "dkim")]
    dkim: Option<crate::Dkim>,
}

/// A mail before it becomes a message: every text final, in one language.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RenderedMail {
    /// The language of the texts.
    pub locale: String,
    /// The subject.
    pub subject: String,
    /// What mail programs show beside the subject.
    pub preheader: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// Why the shop's own template or text was not used, if it is broken: the mail has the built-in one.
    pub fallback: Option<String>,
}

impl fmt::Debug for RenderedMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RenderedMail({}, …)", self.locale)
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mailer({})", self.shop.as_str())
    }
}

impl Mailer {
    /// A mailer for a shop that sends from an address.
    ///
    /// # Errors
    /// When the name is empty, too long or has control characters, or a built-in template is broken.
    pub fn new(shop: &str, sender: EmailAddress) -> Result<Self, MailError> {
        Ok(Self {
            shop: Organisation::new(shop)?,
            sender,
            url: None,
            zone: Box::new(|_| Utc.fix()),
            reply_to: None,
            bounces_to: None,
            theme: Theme::builtin()?,
            links: None,
            brand: Brand::default(),
            #[cfg(feature = "dkim")]
            dkim: None,
        })
    }

    /// The mailer with the address of the shop's site.
    ///
    /// # Errors
    /// When it is no address of the web.
    pub fn with_url(mut self, url: &str) -> Result<Self, MailError> {
        self.url = Some(checked_url(url)?);
        Ok(self)
    }

    /// The mailer with the shop's distance from UTC, where it is the same all year: it decides on which day an order near midnight was
    /// placed, and how moments are told.
    #[must_use]
    pub fn with_utc_offset(self, offset: FixedOffset) -> Self {
        self.with_time_zone(move |_| offset)
    }

    /// The mailer with the shop's distance from UTC at each instant, from a table of time zones of the host's.
    #[must_use]
    pub fn with_time_zone(mut self, offset_at: impl Fn(DateTime<Utc>) -> FixedOffset + Send + Sync + 'static) -> Self {
        self.zone = Box::new(offset_at);
        self
    }

    /// The mailer with another address for the answers of customers than the sender's.
    #[must_use]
    pub fn with_reply_to(mut self, address: EmailAddress) -> Self {
        self.reply_to = Some(address);
        self
    }

    /// The mailer with another address for bounces than the sender's: the envelope's sender.
    #[must_use]
    pub fn with_bounce_address(mut self, address: EmailAddress) -> Self {
        self.bounces_to = Some(address);
        self
    }

    /// The mailer with the links by which customers answer. Delay notices and marketing mails need them.
    #[must_use]
    pub fn with_links(mut self, links: Links) -> Self {
        self.links = Some(links);
        self
    }

    /// The mailer with the shop's logo, colour and imprint.
    #[must_use]
    pub fn with_brand(mut self, brand: Brand) -> Self {
        self.brand = brand;
        self
    }

    /// The mailer with a theme, after every notice was tried with it in every language.
    ///
    /// # Errors
    /// [`MailError::Template`] with the notice, the language and the line of the fault.
    pub fn with_theme(mut self, theme: Theme) -> Result<Self, MailError> {
        self.theme = theme;
        let sample = Sample::new()?;
        let stand_in = Links::new("https://shop.example/answer", &[0; 32])?;
        let locales: Vec<String> = self.theme.locales().map(str::to_owned).collect();
        for locale in &locales {
            let recipient = sample.recipient(locale)?;
            for (title, notice) in sample.notices() {
                let links = self.links.as_ref().or(Some(&stand_in));
                let written = self.write(
                    &recipient,
                    self.theme.texts(locale)?,
                    links,
                    title,
                    &notice,
                    sample.now(),
                );
                let tried = written.and_then(|page| self.fill(page, &recipient, Templates::Own));
                tried.map_err(|error| MailError::Template(format!("{title} in `{locale}`: {error}")))?;
            }
        }
        Ok(self)
    }

    /// The mailer that signs what it composes (DKIM, RFC 6376).
    #[cfg(feature = "dkim")]
    #[must_use]
    pub fn with_dkim(mut self, dkim: crate::Dkim) -> Self {
        self.dkim = Some(dkim);
        self
    }

    /// The texts of a mail, as they would be queued.
    ///
    /// # Errors
    /// As [`compose`](Self::compose).
    pub fn preview<'a>(
        &self,
        recipient: &Recipient,
        notice: impl Into<Notice<'a>>,
        now: DateTime<Utc>,
    ) -> Result<RenderedMail, MailError> {
        Ok(self.render(recipient, "preview", &notice.into(), now)?.mail)
    }

    /// Composes a mail, with all its texts and bytes final. Nothing is read or written; [`enqueue`](crate::enqueue) puts it into the
    /// shop's transaction. Do it before the transaction is begun: what could go wrong with a mail goes wrong here.
    ///
    /// # Errors
    /// [`MailError::Value`] for a value that cannot be true, [`MailError::Refused`] for a recipient without a mailbox,
    /// [`MailError::NoLinks`] for a notice whose links the shop has not set up, [`MailError::Template`].
    pub fn compose(
        &self,
        request: &MailRequest<'_>,
        ids: &dyn IdSource,
        now: DateTime<Utc>,
    ) -> Result<ComposedMail, MailError> {
        let _span = ecrm_store::span("confirmation_mail", "compose");
        check_key(request.key)?;
        let delivery = Delivery::of(request, now);
        if delivery.expires_at <= delivery.due_at {
            return Err(ValueError::new("mail", "would expire before it could be sent").into());
        }
        check_images(&request.images)?;
        let address = request.recipient.contact().email().ok_or(Refusal::NoAddress)?;
        let rendered = self.render(request.recipient, request.key, &request.notice, now)?;
        promised::check(&rendered.page.steps)?;
        let kind = request.notice.kind();
        let lane = store::lane_of(request.key);
        let message_id = format!(
            "<{}.{}@{}>",
            ids.uuid(now).simple(),
            lane.letter(),
            self.sender.domain()
        );
        let mut attachments = rendered.page.attachments;
        attachments.extend(request.attachments.iter().cloned());
        let envelope = Envelope {
            from_name: self.shop.as_str(),
            from: &self.sender,
            reply_to: self.reply_to.as_ref(),
            to_name: request
                .recipient
                .contact()
                .name()
                .map(|name| clean(&PersonName::full(name)))
                // One of marks alone, such as a point, is no name that every mail system reads.
                .filter(|name| name.chars().any(char::is_alphanumeric)),
            to: address,
            message_id: &message_id,
            thread: rendered.page.about.as_deref(),
            unsubscribe: rendered.unsubscribe.as_deref(),
            attachments: &attachments,
            images: &request.images,
            brand: &self.brand,
            #[cfg(feature = "dkim")]
            dkim: self.dkim.as_ref(),
        };
        let content = to_bytes(&rendered.mail, &envelope, now)?;
        let digest = external_refs::digest(&(&request.notice, &request.attachments, &request.images, address.key()))?;
        Ok(ComposedMail {
            key: request.key.to_owned(),
            id: ids.uuid(now),
            kind,
            about: rendered.page.about,
            recipient: request.recipient.clone(),
            address: address.clone(),
            sender: self.bounces_to.as_ref().unwrap_or(&self.sender).ascii().to_owned(),
            message_id,
            digest,
            steps: rendered.page.steps,
            delivery,
            mail: rendered.mail,
            content,
        })
    }

    /// The mail in the shop's own theme; in the built-in one where that is broken.
    fn render<'p>(
        &'p self,
        recipient: &Recipient,
        key: &'p str,
        notice: &Notice<'_>,
        now: DateTime<Utc>,
    ) -> Result<Rendered<'p>, MailError> {
        let texts = self.theme.texts_for(recipient.contact().locale())?;
        let links = self.links.as_ref();
        let own = self
            .write(recipient, texts, links, key, notice, now)
            .and_then(|page| self.fill(page, recipient, Templates::Own));
        match own {
            Err(MailError::Template(reason)) if self.theme.has_own() => {
                let texts = self.theme.builtin_texts(&texts.locale)?;
                let page = self.write(recipient, texts, links, key, notice, now)?;
                let mut rendered = self.fill(page, recipient, Templates::Builtin)?;
                rendered.mail.fallback = Some(reason);
                Ok(rendered)
            }
            rendered => rendered,
        }
    }

    fn write<'p>(
        &'p self,
        recipient: &Recipient,
        texts: &'p Texts,
        links: Option<&'p Links>,
        key: &'p str,
        notice: &Notice<'_>,
        now: DateTime<Utc>,
    ) -> Result<Page<'p>, MailError> {
        let setting = Setting {
            texts,
            shop: self.shop.as_str(),
            zone: &*self.zone,
            links,
            subject: recipient.subject(),
            key,
            now,
        };
        let mut page = Page::new(setting, notice.kind());
        notice.write(&mut page)?;
        Ok(page)
    }

    /// Gives what a notice says its form.
    fn fill<'p>(
        &self,
        mut page: Page<'p>,
        recipient: &Recipient,
        templates: Templates,
    ) -> Result<Rendered<'p>, MailError> {
        let greeting = match recipient.contact().name().map(PersonName::full) {
            Some(name) => {
                page.set("name", name);
                page.common("greeting")?
            }
            None => page.common("greeting_unnamed")?,
        };
        let unsubscribe = self.unsubscribe(&page)?;
        let (subject, preheader) = (page.say(page.subject_key)?, page.say(page.preheader_key)?);
        let context = Context {
            locale: &page.setting.texts.locale,
            direction: page.setting.texts.format.direction(),
            subject: &subject,
            preheader: &preheader,
            heading: page.say(page.heading_key)?,
            greeting,
            closing: page.common("closing")?,
            signature: page.common("signature")?,
            colon: page.common("colon")?,
            notice: page.kind.name(),
            shop: page.setting.shop,
            url: self.url.as_deref(),
            logo: self.brand.logo_source(),
            accent: self.brand.accent(),
            on_accent: self.brand.on_accent(),
            imprint: self.brand.imprint(),
            json_ld: page.json_ld.as_deref(),
            unsubscribe: unsubscribe.as_ref(),
            blocks: &page.blocks,
        };
        let (html, text) = self.theme.render(templates, page.kind, &Value::from(Serde(&context)))?;
        if [&subject, &html, &text]
            .iter()
            .any(|part| part.trim().is_empty() || part.contains('\0'))
        {
            return Err(MailError::Template(
                "the subject, the text or the HTML is empty, or has U+0000".to_owned(),
            ));
        }
        let mail = RenderedMail {
            locale: page.setting.texts.locale.clone(),
            subject,
            preheader,
            text,
            html,
            fallback: None,
        };
        Ok(Rendered {
            mail,
            unsubscribe: unsubscribe.map(|it| it.url),
            page,
        })
    }

    /// What marketing must offer, and nothing else does.
    fn unsubscribe(&self, page: &Page<'_>) -> Result<Option<Unsubscribe>, MailError> {
        if !page.kind.is_marketing() {
            return Ok(None);
        }
        let links = page.setting.links.ok_or(MailError::NoLinks)?;
        let about = format!("purpose:{}", page.kind.purpose().code());
        let until = after(page.setting.now, UNSUBSCRIBE_WITHIN);
        Ok(Some(Unsubscribe {
            label: page.common("button_unsubscribe")?,
            url: links.link(
                page.setting.subject,
                page.setting.key,
                &about,
                Choice::Unsubscribe,
                until,
            )?,
            note: page.common(if page.kind.purpose() == Purpose::Research {
                "research_note"
            } else {
                "marketing_note"
            })?,
        }))
    }

    /// The language for a recipient: `de-AT`, else `de`, else English.
    ///
    /// # Errors
    /// [`MailError::Template`] when there are no texts at all.
    pub fn locale_for(&self, wanted: Option<&Locale>) -> Result<&str, MailError> {
        Ok(&self.theme.texts_for(wanted)?.locale)
    }
}

/// Images are told apart by their names, and the logo is one of them.
fn check_images(images: &[Attachment]) -> Result<(), ValueError> {
    let mut names: Vec<_> = images.iter().map(Attachment::name).chain(["logo"]).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() <= images.len() || !images.iter().all(Attachment::can_be_inline) {
        return Err(ValueError::new(
            "image in a mail",
            "must be of a type `image/...`, under a name of its own of letters, digits, points and hyphens that is not `logo`",
        ));
    }
    Ok(())
}

/// A mail, and what else follows from its notice.
struct Rendered<'p> {
    mail: RenderedMail,
    unsubscribe: Option<String>,
    page: Page<'p>,
}

/// What the templates see.
#[derive(Serialize)]
struct Context<'a> {
    locale: &'a str,
    direction: &'a str,
    subject: &'a str,
    preheader: &'a str,
    heading: String,
    greeting: String,
    closing: String,
    signature: String,
    colon: String,
    notice: &'a str,
    shop: &'a str,
    url: Option<&'a str>,
    logo: Option<&'a str>,
    accent: &'a str,
    on_accent: &'a str,
    imprint: &'a [String],
    json_ld: Option<&'a str>,
    unsubscribe: Option<&'a Unsubscribe>,
    blocks: &'a [Block],
}

#[derive(Serialize)]
struct Unsubscribe {
    label: String,
    url: String,
    note: String,
}
