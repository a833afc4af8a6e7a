//! The deterministic writer: the same content gives the same bytes, and they are in canonical form.

use std::io::Write as _;

use crate::characters::{first_forbidden, is_ncname, is_same};
use crate::escape::{push_markup, push_text};
use crate::kept::{BEFORE, BEHIND};
use crate::namespaces::XMLNS;
use crate::restore::Restore;
use crate::start_tag::StartTag;
use crate::{Kept, Name};

/// The prefixes of a vocabulary, and the order of its elements.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "a constant of every vocabulary")]
pub struct Vocabulary {
    /// Prefix and namespace; the empty prefix is the default namespace. All are declared on the root.
    pub prefixes: &'static [(&'static str, &'static str)],
    /// The children of an element in the order of the schema, so that kept content goes back to its place. Nothing: at the end.
    pub order: fn(parent: Name<'_>) -> &'static [Name<'static>],
}

impl std::fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Vocabulary").field(&self.prefixes).finish()
    }
}

pub(crate) const NO_VOCABULARY: Vocabulary = Vocabulary {
    prefixes: &[],
    order: |_| &[],
};

/// Why a document could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A text has a character that XML cannot hold, such as U+0001.
    #[error("the text of `{0}` has a character that XML cannot hold; remove it or write the text in another form")]
    Character(String),
    /// Elements or attributes were written where none can stand, or under a name that is none.
    #[error("{0}")]
    Structure(&'static str),
    /// The place that it was written to failed.
    #[error("the document could not be written: {0}")]
    Io(#[from] std::io::Error),
}

/// Writes a document in UTF-8: the declaration, and then the bytes of [Canonical XML](https://www.w3.org/TR/xml-c14n/): sorted attributes,
/// no empty-element tags, one way to escape.
///
/// No method returns an error; the first one is told by [`finish`](Self::finish), and nothing is written after it.
///
/// ```
/// use ecrm_xml::{Name, Vocabulary, Writer};
/// const NS: &str = "urn:example";
/// const VOCABULARY: Vocabulary = Vocabulary { prefixes: &[("", NS)], order: |_| &[] };
/// let mut writer = Writer::new(&VOCABULARY);
/// writer.within(Name::new(NS, "order"), |writer| {
///     writer.attribute(Name::local("id"), "7");
///     writer.element(Name::new(NS, "note"), "1 < 2");
/// });
/// let document = String::from_utf8(writer.finish()?)?;
/// assert!(document.ends_with("<order xmlns=\"urn:example\" id=\"7\"><note>1 &lt; 2</note></order>\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Writer<'w> {
    vocabulary: &'static Vocabulary,
    sink: Option<&'w mut dyn std::io::Write>,
    pub(crate) out: String,
    is_indented: bool,
    has_root: bool,
    /// The names of the open elements, one behind the other.
    names: String,
    open: Vec<Open>,
    /// Declarations in force that are none of the vocabulary's.
    scope: Vec<Declared>,
    tag: StartTag,
    failure: Option<WriteError>,
    pub(crate) restore: Option<Box<Restore>>,
    /// The depth inside copied content, where no white space may be added.
    pub(crate) verbatim_depth: usize,
}

/// Prefix, namespace, and the depth of the element that declares it.
type Declared = (String, String, usize);

struct Open {
    name: usize,
    has_elements: bool,
    has_text: bool,
}

/// What is collected before it goes to the sink.
const BLOCK: usize = 64 * 1024;

impl<'w> Writer<'w> {
    /// A writer into memory.
    #[must_use]
    pub fn new(vocabulary: &'static Vocabulary) -> Self {
        Self {
            vocabulary,
            sink: None,
            out: String::new(),
            is_indented: false,
            has_root: false,
            names: String::new(),
            open: Vec::new(),
            scope: Vec::new(),
            tag: StartTag::default(),
            failure: None,
            restore: None,
            verbatim_depth: 0,
        }
    }

    /// A writer that hands its bytes on, however long the document gets.
    #[must_use]
    pub fn to(vocabulary: &'static Vocabulary, sink: &'w mut dyn std::io::Write) -> Self {
        Self {
            sink: Some(sink),
            ..Self::new(vocabulary)
        }
    }

    /// The writer with a line for each element, indented by two spaces. Elements with text stay on one line.
    #[must_use]
    pub fn indented(mut self) -> Self {
        self.is_indented = true;
        self
    }

    /// Begins an element.
    pub fn start(&mut self, name: Name<'_>) {
        self.start_as("", name, &[]);
    }

    /// Gives the element that has just begun an attribute.
    pub fn attribute(&mut self, name: Name<'_>, value: &str) {
        self.attribute_as("", name, value);
    }

    /// Writes text, escaped.
    pub fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.close_tag();
        self.check(text);
        if let Some(open) = self.open.last_mut() {
            open.has_text = true;
            push_text(&mut self.out, text);
        } else {
            self.fail(WriteError::Structure("text cannot stand outside the root element"));
        }
    }

    /// Ends the innermost element.
    pub fn end(&mut self) {
        if self.restore.is_some() && self.verbatim_depth == 0 {
            self.restore_rest();
        }
        self.close_tag();
        let Some(open) = self.open.pop() else {
            return self.fail(WriteError::Structure("more elements were ended than begun"));
        };
        if open.has_elements && !open.has_text {
            self.new_line();
        }
        self.out.push_str("</");
        self.out.push_str(&self.names[open.name..]);
        self.out.push('>');
        self.names.truncate(open.name);
        self.restore_outside(BEHIND);
        while self.scope.last().is_some_and(|(_, _, depth)| *depth > self.open.len()) {
            self.scope.pop();
        }
        self.hand_on(BLOCK);
    }

    /// An element with nothing but text.
    pub fn element(&mut self, name: Name<'_>, text: &str) {
        self.start(name);
        self.text(text);
        self.end();
    }

    /// An element with content.
    pub fn within(&mut self, name: Name<'_>, content: impl FnOnce(&mut Self)) {
        self.start(name);
        content(self);
        self.end();
    }

    /// Writes one element, into which everything is put back that was kept of it when it was read. What finds no place, because the
    /// element around it is gone, is returned.
    pub fn record(&mut self, kept: &[Kept], write: impl FnOnce(&mut Self)) -> Vec<Kept> {
        if kept.is_empty() {
            write(self);
            return Vec::new();
        }
        if self.restore.is_some() {
            self.fail(WriteError::Structure(
                "records with kept content do not stand within each other",
            ));
        }
        self.restore = Some(Box::new(Restore::new(kept)));
        write(self);
        self.restore.take().map_or_else(Vec::new, |restore| restore.unplaced())
    }

    /// The document; empty when it went to a sink.
    ///
    /// # Errors
    /// The first thing that went wrong.
    pub fn finish(mut self) -> Result<Vec<u8>, WriteError> {
        if !self.open.is_empty() || !self.has_root {
            self.fail(WriteError::Structure("a document is one element that was ended"));
        }
        self.out.push('\n');
        self.hand_on(0);
        if let Some(Err(error)) = self.sink.as_mut().map(std::io::Write::flush) {
            self.fail(error.into());
        }
        match self.failure {
            Some(error) => Err(error),
            None => Ok(self.out.into_bytes()),
        }
    }

    /// What was written, without declaration.
    pub(crate) fn into_fragment(self) -> String {
        self.out.strip_prefix(DECLARATION).map_or(String::new(), str::to_owned)
    }

    /// Begins an element, under this prefix where none is in force for its namespace, with declarations that its content refers to.
    pub(crate) fn start_as(&mut self, prefix: &str, name: Name<'_>, declarations: &[(&str, &str)]) {
        if self.restore.is_some() && self.verbatim_depth == 0 {
            self.restore_before(name);
        }
        if self.open.is_empty() {
            if self.has_root {
                return self.fail(WriteError::Structure("a document has one root element"));
            }
            self.out.push_str(DECLARATION);
        }
        self.restore_outside(BEFORE);
        self.begin_line();
        if !is_ncname(name.local.as_bytes()) {
            self.fail(WriteError::Structure(
                "an element's name must be a name of XML without a colon",
            ));
        }
        let start = self.names.len();
        self.tag.is_open = true;
        self.open.push(Open {
            name: start,
            has_elements: false,
            has_text: false,
        });
        let is_root = !std::mem::replace(&mut self.has_root, true);
        if is_root {
            for (prefix, namespace) in self.vocabulary.prefixes {
                self.tag.declare(prefix, namespace);
            }
        }
        for (prefix, namespace) in declarations {
            self.declare(prefix, namespace);
        }
        self.push_qualified(prefix, name);
        self.out.push('<');
        self.out.push_str(&self.names[start..]);
        if self.restore.is_some() && self.verbatim_depth == 0 {
            self.restore_attributes(name);
        }
    }

    /// Appends the qualified name of an element to the names, and declares its prefix where that is not done.
    fn push_qualified(&mut self, wanted: &str, name: Name<'_>) {
        if let Some(prefix) = prefix_of(self.vocabulary, &self.scope, name.namespace, true) {
            push_name(&mut self.names, prefix, name.local);
            return;
        }
        let prefix = if name.namespace.is_empty() || wanted.is_empty() {
            String::new()
        } else {
            self.free_prefix(wanted)
        };
        let is_declared = self.declare(&prefix, name.namespace);
        if !is_declared && name.namespace.is_empty() {
            self.fail(WriteError::Structure(
                "the root cannot be in no namespace where the vocabulary has a default one",
            ));
        } else if !is_declared {
            let prefix = self.free_prefix("");
            self.declare(&prefix, name.namespace);
        }
        let prefix = prefix_of(self.vocabulary, &self.scope, name.namespace, true).unwrap_or("");
        push_name(&mut self.names, prefix, name.local);
    }

    /// A prefix that stands for nothing yet: the wanted one, or one of ours.
    fn free_prefix(&self, wanted: &str) -> String {
        let is_free = |prefix: &str| prefix != "xml" && prefix != "xmlns" && self.bound_to(prefix).is_none();
        if is_ncname(wanted.as_bytes()) && is_free(wanted) {
            return wanted.to_owned();
        }
        let mut candidates = (1..).map(|number| format!("n{number}"));
        candidates.find(|candidate| is_free(candidate)).unwrap_or_default()
    }

    /// The namespace that a prefix stands for here.
    fn bound_to(&self, prefix: &str) -> Option<&str> {
        if prefix == "xml" {
            return Some(crate::namespaces::XML);
        }
        let known = self.vocabulary.prefixes.iter().copied();
        let declared = self
            .scope
            .iter()
            .map(|(prefix, namespace, _)| (prefix.as_str(), namespace.as_str()));
        known
            .chain(declared)
            .rfind(|(known, _)| *known == prefix)
            .map(|(_, namespace)| namespace)
    }

    /// Makes a prefix stand for a namespace in the element that has just begun. False when that is not possible, because the tag needs
    /// the prefix for another one.
    pub(crate) fn declare(&mut self, prefix: &str, namespace: &str) -> bool {
        let default = prefix.is_empty().then_some("");
        if self.bound_to(prefix).or(default) == Some(namespace) {
            return true;
        }
        // The name of the element is not known yet while declarations are made that its content refers to.
        let name = self.open.last().map_or("", |open| &self.names[open.name..]);
        let own = (!name.is_empty()).then(|| name.split_once(':').map_or("", |(own, _)| own));
        if own == Some(prefix) || self.tag.uses(prefix) || prefix == "xml" {
            return false;
        }
        self.scope
            .push((prefix.to_owned(), namespace.to_owned(), self.open.len()));
        self.tag.declare(prefix, namespace);
        true
    }

    /// Gives the element an attribute, under this prefix where the vocabulary has none for its namespace.
    pub(crate) fn attribute_as(&mut self, prefix: &str, name: Name<'_>, value: &str) {
        if !self.tag.is_open {
            return self.fail(WriteError::Structure(
                "an attribute must follow the start of its element",
            ));
        }
        if !is_ncname(name.local.as_bytes()) || name == Name::local("xmlns") || name.namespace == XMLNS {
            return self.fail(WriteError::Structure(
                "an attribute's name must be a name of XML without a colon, and no declaration",
            ));
        }
        self.check(value);
        if !name.namespace.is_empty() && prefix_of(self.vocabulary, &self.scope, name.namespace, false).is_none() {
            let prefix = self.free_prefix(prefix);
            self.declare(&prefix, name.namespace);
        }
        let prefix = match name.namespace {
            "" => "",
            namespace => prefix_of(self.vocabulary, &self.scope, namespace, false).unwrap_or(""),
        };
        if !self.tag.push(prefix, name, value) {
            self.fail(WriteError::Structure("an attribute was written twice"));
        }
    }

    /// Writes markup that was read from a document: a comment or a processing instruction.
    pub(crate) fn verbatim(&mut self, source: &str) {
        self.close_tag();
        push_markup(&mut self.out, source);
    }

    /// Begins a line for what stands in the innermost element beside others; no line is added to text. Outside of the root, only what
    /// follows something else begins a line.
    pub(crate) fn begin_line(&mut self) {
        self.close_tag();
        let has_text = self.open.last_mut().map(|open| {
            open.has_elements = true;
            open.has_text
        });
        match has_text {
            Some(true) => {}
            Some(false) => self.new_line(),
            None if self.out.ends_with('\n') => {}
            None => self.out.push('\n'),
        }
    }

    /// Begins a line for an element that is copied with all its white space, in which no line is added.
    pub(crate) fn begin_verbatim(&mut self) {
        self.begin_line();
        self.verbatim_depth += 1;
    }

    pub(crate) fn end_verbatim(&mut self) {
        self.verbatim_depth -= 1;
    }

    /// Notes that the attributes so far were restored: those that the mapping writes itself take their place.
    pub(crate) fn mark_restored(&mut self) {
        self.tag.mark_restored();
    }

    pub(crate) fn vocabulary(&self) -> &'static Vocabulary {
        self.vocabulary
    }

    fn close_tag(&mut self) {
        if self.tag.is_open && !self.tag.close(&mut self.out) {
            self.fail(WriteError::Structure("a namespace that nothing can be bound to"));
        }
    }

    fn new_line(&mut self) {
        if self.is_indented && self.verbatim_depth == 0 {
            self.out.push('\n');
            for _ in 0..self.open.len() {
                self.out.push_str("  ");
            }
        }
    }

    fn check(&mut self, text: &str) {
        if first_forbidden(text.as_bytes()).is_some() {
            let name = self.open.last().map_or("", |open| &self.names[open.name..]).to_owned();
            self.fail(WriteError::Character(name));
        }
    }

    pub(crate) fn fail(&mut self, error: WriteError) {
        self.failure.get_or_insert(error);
    }

    fn hand_on(&mut self, from: usize) {
        let Some(sink) = &mut self.sink else { return };
        if self.out.len() > from {
            if self.failure.is_none()
                && let Err(error) = sink.write_all(self.out.as_bytes())
            {
                self.failure = Some(error.into());
            }
            self.out.clear();
        }
    }
}

fn push_name(names: &mut String, prefix: &str, local: &str) {
    names.push_str(prefix);
    if !prefix.is_empty() {
        names.push(':');
    }
    names.push_str(local);
}

/// The prefix under which a namespace is in force. An attribute needs one that is not empty.
fn prefix_of<'s>(
    vocabulary: &'static Vocabulary,
    scope: &'s [Declared],
    namespace: &str,
    may_be_default: bool,
) -> Option<&'s str> {
    let fits = |prefix: &str, known: &str| is_same(known, namespace) && (may_be_default || !prefix.is_empty());
    if scope.is_empty() && !namespace.is_empty() {
        // Most elements are of the vocabulary, and nothing hides its prefixes.
        let known = vocabulary.prefixes.iter().find(|(prefix, known)| fits(prefix, known));
        if let Some((prefix, _)) = known {
            return Some(prefix);
        }
    }
    let known = vocabulary.prefixes.iter().copied();
    let declared = scope
        .iter()
        .map(|(prefix, namespace, _)| (prefix.as_str(), namespace.as_str()));
    let always = [("", ""), ("xml", crate::namespaces::XML)];
    let all = always.into_iter().chain(known).chain(declared);
    let mut fitting = all
        .clone()
        .enumerate()
        .filter(|(_, (prefix, known))| fits(prefix, known));
    // A later declaration of the same prefix hides the earlier one.
    let found = fitting.find(|(at, (prefix, _))| !all.clone().skip(at + 1).any(|(later, _)| is_same(later, prefix)));
    found.map(|(_, (prefix, _))| prefix)
}

impl std::fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("depth", &self.open.len())
            .finish_non_exhaustive()
    }
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
