//! What every short text in the model has to be: something, one line, of bounded length.

use crate::ValueError;

/// A trimmed text of 1 to `longest` characters without control characters, so that it can stand in a mail header, a log line or
/// an XML attribute.
pub(crate) fn one_line(what: &'static str, text: &str, longest: usize) -> Result<String, ValueError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(ValueError::new(what, "is empty; leave it out instead"));
    }
    if let Some(position) = text.chars().position(char::is_control) {
        return Err(ValueError::new(
            what,
            format!("has a control character at position {}; remove it", position + 1),
        ));
    }
    if text.chars().count() > longest {
        return Err(ValueError::new(what, format!("is longer than {longest} characters")));
    }
    Ok(text.to_owned())
}
