//! Enumerations that are stored and exchanged by a fixed word.

use crate::ValueError;

/// An enumeration whose every variant has one fixed word, used in databases, JSON and XML alike.
///
/// ```
/// use ecrm_core::{Channel, Code};
/// assert_eq!(Channel::Email.code(), "email");
/// assert_eq!(Channel::from_code("email"), Ok(Channel::Email));
/// assert!(Channel::from_code("smoke_signal").is_err());
/// ```
pub trait Code: Copy + PartialEq + Sized + 'static {
    /// The name of the enumeration in error messages.
    const WHAT: &'static str;

    /// All variants.
    const ALL: &'static [Self];

    /// The word of this variant.
    fn code(self) -> &'static str;

    /// The variant of a word.
    ///
    /// # Errors
    /// [`ValueError`] naming the words that exist.
    fn from_code(code: &str) -> Result<Self, ValueError> {
        Self::ALL
            .iter()
            .copied()
            .find(|variant| variant.code() == code)
            .ok_or_else(|| {
                let known: Vec<_> = Self::ALL.iter().map(|variant| variant.code()).collect();
                ValueError::new(Self::WHAT, format!("must be one of: {}", known.join(", ")))
            })
    }
}
