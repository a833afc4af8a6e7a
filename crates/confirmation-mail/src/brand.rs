//! What makes a mail look like the shop's own.

use std::fmt;

use ecrm_core::ValueError;

use crate::Attachment;
use crate::notice::{checked_url, clean};

/// A shop's logo, colour and imprint.
///
/// ```
/// use ecrm_confirmation_mail::Brand;
/// let brand = Brand::new("#7a3e9d")?.with_logo_url("https://lamps.example/logo.png")?.with_imprint(&["Lamps & Co, Lindengasse 7, Wien"]);
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Clone)]
pub struct Brand {
    accent: String,
    logo: Option<Logo>,
    imprint: Vec<String>,
}

#[derive(Clone)]
enum Logo {
    Inline(Attachment),
    Url(String),
}

impl Brand {
    /// A brand of a colour, such as `#7a3e9d`. Letters upon it are white or black, whichever is better to read.
    ///
    /// # Errors
    /// When the colour is not written as `#rrggbb`.
    pub fn new(accent: &str) -> Result<Self, ValueError> {
        let digits = accent.strip_prefix('#').filter(|digits| digits.len() == 6);
        if !digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit())) {
            return Err(ValueError::new("colour", "must be written as `#rrggbb`"));
        }
        Ok(Self {
            accent: accent.to_owned(),
            logo: None,
            imprint: Vec::new(),
        })
    }

    /// The brand with a logo that goes with each mail, so that no mail program has to fetch it.
    ///
    /// # Errors
    /// When the file is no image, or larger than 200 KiB.
    pub fn with_logo(mut self, logo: Attachment) -> Result<Self, ValueError> {
        if !logo.media_type().starts_with("image/") || logo.content().len() > 200 * 1024 {
            return Err(ValueError::new("logo", "must be an image of at most 200 KiB"));
        }
        self.logo = Some(Logo::Inline(logo));
        Ok(self)
    }

    /// The brand with a logo on the web. Most mail programs ask before they fetch it.
    ///
    /// # Errors
    /// When it is no address of the web.
    pub fn with_logo_url(mut self, url: &str) -> Result<Self, ValueError> {
        self.logo = Some(Logo::Url(checked_url(url)?));
        Ok(self)
    }

    /// The brand with the lines at the foot of each mail: who the shop is, as the law of its country wants it.
    #[must_use]
    pub fn with_imprint(mut self, lines: &[&str]) -> Self {
        self.imprint = lines.iter().map(|line| clean(line)).collect();
        self
    }

    pub(crate) fn accent(&self) -> &str {
        &self.accent
    }

    /// White or black, whichever is better to read upon the colour.
    pub(crate) fn on_accent(&self) -> &'static str {
        if contrast_with_white(&self.accent) >= 4.5 {
            "#ffffff"
        } else {
            "#000000"
        }
    }

    pub(crate) fn imprint(&self) -> &[String] {
        &self.imprint
    }

    /// What stands in the image's `src`.
    pub(crate) fn logo_source(&self) -> Option<&str> {
        match &self.logo {
            Some(Logo::Inline(_)) => Some("cid:logo"),
            Some(Logo::Url(url)) => Some(url),
            None => None,
        }
    }

    /// The logo that goes with the mail.
    pub(crate) fn inline_logo(&self) -> Option<&Attachment> {
        match &self.logo {
            Some(Logo::Inline(logo)) => Some(logo),
            _ => None,
        }
    }
}

impl Default for Brand {
    /// A calm blue, no logo, no imprint.
    fn default() -> Self {
        Self {
            accent: "#1f5fbf".to_owned(),
            logo: None,
            imprint: Vec::new(),
        }
    }
}

impl fmt::Debug for Brand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Brand({})", self.accent)
    }
}

/// The contrast of a colour `#rrggbb` with white, 1 to 21 (WCAG 2.2, relative luminance).
fn contrast_with_white(colour: &str) -> f64 {
    let channel = |from: usize| {
        let value = colour
            .get(from..from + 2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let value = f64::from(value.unwrap_or(0)) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    let luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
    1.05 / (luminance + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_on_the_shops_colour_can_be_read() {
        for (colour, letters) in [
            ("#1f5fbf", "#ffffff"),
            ("#000000", "#ffffff"),
            ("#ffffff", "#000000"),
            ("#ffe066", "#000000"),
        ] {
            assert_eq!(Brand::new(colour).unwrap().on_accent(), letters, "{colour}");
        }
        assert!((contrast_with_white("#000000") - 21.0).abs() < 0.01);
    }

    #[test]
    fn a_colour_is_nothing_but_a_colour() {
        for colour in ["1f5fbf", "#1f5fb", "red", "#1f5fbg", "#fff;x:"] {
            assert!(Brand::new(colour).is_err(), "{colour}");
        }
    }
}
