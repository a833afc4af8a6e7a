//! The text of a model: a line for its name, one for each axis, one for each stage.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use super::ParseError;
use super::parser::{LONGEST, Statement, statement, too_long};
use super::printer::Quoted;
use crate::criteria::Name;
use crate::models::{Area, Axis, Domain, Model, ModelError, Range};

impl Model {
    /// Reads a model from its text, which `docs/segmentation.md` describes, and checks it.
    ///
    /// # Errors
    /// [`ModelError::Text`] with the place where the text is none; otherwise as [`check`](Self::check).
    ///
    /// ```
    /// use ecrm_segmentation::models::{self, Model};
    /// let rfm = Model::parse(models::RFM)?;
    /// assert_eq!(rfm.stages()[0].name().as_str(), "champions");
    /// assert_eq!(Model::parse(&rfm.to_string())?, rfm);
    /// # Ok::<(), ecrm_segmentation::models::ModelError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        if text.len() > LONGEST {
            return Err(too_long(text).into());
        }
        let (mut name, mut axes, mut stages) = (None, Vec::new(), Vec::new());
        for (line, text) in statements(text) {
            let place = |expected: &str, found: &str| ParseError {
                line,
                column: 1,
                expected: expected.to_owned(),
                found: found.to_owned(),
            };
            match (statement(&text).map_err(|error| moved(error, line))?, &name) {
                (Statement::Model(first), None) => name = Some(first),
                (Statement::Model(_), Some(_)) => return Err(place("an axis or a stage", "a second `model`").into()),
                (_, None) => return Err(place("`model` and its name in the first line", "something else").into()),
                (Statement::Axis(axis), Some(_)) => axes.push(axis),
                (Statement::Stage(stage), Some(_)) => stages.push(stage),
            }
        }
        let name = name.ok_or_else(|| ParseError {
            line: 1,
            column: 1,
            expected: "`model` and its name in the first line".to_owned(),
            found: "the end".to_owned(),
        })?;
        Self::new(name, axes, stages)
    }
}

impl FromStr for Model {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        Self::parse(text)
    }
}

/// The lines that begin a statement, each with those behind it that begin with a blank, and its number. Lines of blanks and of comments
/// are left empty.
fn statements(text: &str) -> Vec<(u32, String)> {
    let mut statements: Vec<(u32, String)> = Vec::new();
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let is_empty = line.trim().is_empty() || line.trim_start().starts_with('#');
        match statements.last_mut() {
            Some((_, statement)) if is_empty || line.starts_with(char::is_whitespace) => {
                statement.push('\n');
                statement.push_str(if is_empty { "" } else { line });
            }
            _ if is_empty => {}
            _ => statements.push((number, line.to_owned())),
        }
    }
    statements
}

/// An error of a statement that begins at a line.
fn moved(error: ParseError, line: u32) -> ParseError {
    ParseError {
        line: error.line + line - 1,
        ..error
    }
}

impl Display for Model {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "model {}", Title(self.name()))?;
        for axis in self.axes() {
            writeln!(f, "{axis}")?;
        }
        writeln!(f)?;
        for stage in self.stages() {
            write!(f, "{}: ", Title(stage.name()))?;
            for (at, area) in stage.areas().iter().enumerate() {
                f.write_str(if at > 0 { " or " } else { "" })?;
                self.write_area(f, area)?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

impl Model {
    /// The ranges of an area, in the order of the axes.
    fn write_area(&self, f: &mut Formatter<'_>, area: &Area) -> fmt::Result {
        let ranges = self
            .axes()
            .iter()
            .filter_map(|axis| Some((axis.name(), area.range(axis.name())?)));
        let mut is_first = true;
        for (axis, range) in ranges {
            let and = if is_first { "" } else { " and " };
            write!(f, "{and}{} {range}", AxisName(axis))?;
            is_first = false;
        }
        f.write_str(if is_first { "everyone" } else { "" })
    }
}

impl Display for Axis {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "axis {}: {}", Title(self.name()), self.value())?;
        match self.domain() {
            Some(domain) => write!(f, " in {domain}"),
            None => Ok(()),
        }
    }
}

impl Display for Domain {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            return write!(f, "{}", self.first);
        }
        write!(f, "{}..{}", self.first, self.last)
    }
}

impl Display for Range {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("missing"),
            Self::Present => f.write_str("present"),
            Self::Whole(numbers) => write!(f, "{numbers}"),
            Self::From(low) => write!(f, "from {low}"),
            Self::Until(high) => write!(f, "until {high}"),
            Self::FromTo(low, high) => write!(f, "from {low} to {high}"),
        }
    }
}

/// A name that stands before a colon or at the end of a line: in quotes where it is not made of words.
struct Title<'n>(&'n Name);

impl Display for Title<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let name = self.0.as_str();
        let is_statement = matches!(name.split(' ').next(), Some("axis" | "model"));
        if name.split(' ').all(is_word) && !is_statement {
            f.write_str(name)
        } else {
            write!(f, "{}", Quoted(name))
        }
    }
}

/// A name within a line.
struct AxisName<'n>(&'n Name);

impl Display for AxisName<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0.as_str() {
            name if is_word(name) && name != "everyone" => f.write_str(name),
            name => write!(f, "{}", Quoted(name)),
        }
    }
}

/// What is read as one word.
fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && text.chars().all(|other| other.is_alphanumeric() || other == '_')
}
