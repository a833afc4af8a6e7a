//! Which prefix stands for which namespace at a place in a document.

use std::collections::HashMap;
use std::sync::Arc;

use crate::characters::is_same;
use crate::limits::too_large;
use crate::{ErrorCode, Limits, XmlError};

/// The namespace that `xml:` stands for everywhere.
pub(crate) const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of declarations, which nothing may be bound to.
pub(crate) const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// A namespace of a document by its number. 0 is none, 1 is that of `xml:`.
pub(crate) type NamespaceId = u16;
pub(crate) const NONE: NamespaceId = 0;

/// The declarations in force, and all namespaces seen so far.
pub(crate) struct Scope {
    bindings: Vec<Binding>,
    prefixes: String,
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, NamespaceId>,
    longest: usize,
    most: usize,
    name_bytes: usize,
}

#[derive(Clone, Copy)]
struct Binding {
    start: usize,
    end: usize,
    namespace: NamespaceId,
    depth: usize,
}

impl Scope {
    pub(crate) fn new(limits: &Limits) -> Self {
        let mut scope = Self {
            bindings: Vec::new(),
            prefixes: String::new(),
            names: Vec::new(),
            numbers: HashMap::new(),
            longest: limits.namespaces_in_scope,
            most: limits.namespaces.min(usize::from(NamespaceId::MAX) - 2),
            name_bytes: limits.namespace_bytes,
        };
        for known in ["", XML] {
            scope.names.push(known.into());
        }
        scope.numbers.insert(XML.into(), 1);
        scope
    }

    /// The namespaces of the document so far, by number.
    pub(crate) fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// The declarations in force: prefix (empty for the default) and namespace.
    pub(crate) fn in_force(&self) -> impl Iterator<Item = (&str, NamespaceId)> {
        self.bindings
            .iter()
            .map(|binding| (self.prefix(binding), binding.namespace))
    }

    /// Declares a prefix, empty for the default namespace, for the element at `depth` and what is in it.
    pub(crate) fn declare(&mut self, prefix: &str, namespace: &str, depth: usize) -> Result<(), XmlError> {
        refuse_reserved(prefix, namespace)?;
        if prefix == "xml" {
            return Ok(());
        }
        let same_tag = self.bindings.iter().rev().take_while(|binding| binding.depth == depth);
        if same_tag.into_iter().any(|binding| self.is_bound(binding, prefix)) {
            return Err(fault("a prefix is declared twice in one tag"));
        }
        if self.bindings.len() >= self.longest {
            return Err(XmlError::new(
                ErrorCode::Limit,
                format!("more than {} namespace declarations are in force at once", self.longest),
            ));
        }
        let namespace = self.number(namespace)?;
        let start = self.prefixes.len();
        self.prefixes.push_str(prefix);
        let end = self.prefixes.len();
        self.bindings.push(Binding {
            start,
            end,
            namespace,
            depth,
        });
        Ok(())
    }

    /// The namespace of a prefix; that of the default namespace for the empty one.
    #[inline]
    pub(crate) fn resolve(&self, prefix: &str) -> Result<NamespaceId, XmlError> {
        if let Some(binding) = self
            .bindings
            .iter()
            .rev()
            .find(|binding| self.is_bound(binding, prefix))
        {
            return Ok(binding.namespace);
        }
        match prefix {
            "" => Ok(NONE),
            "xml" => Ok(1),
            _ => Err(fault("a prefix that no declaration binds; declare it with xmlns")),
        }
    }

    /// Ends the element at `depth`.
    #[inline]
    pub(crate) fn leave(&mut self, depth: usize) {
        while let Some(binding) = self.bindings.last().filter(|binding| binding.depth >= depth) {
            self.prefixes.truncate(binding.start);
            self.bindings.pop();
        }
    }

    #[inline]
    fn is_bound(&self, binding: &Binding, prefix: &str) -> bool {
        is_same(self.prefix(binding), prefix)
    }

    fn prefix(&self, binding: &Binding) -> &str {
        &self.prefixes[binding.start..binding.end]
    }

    fn number(&mut self, namespace: &str) -> Result<NamespaceId, XmlError> {
        if namespace.is_empty() {
            return Ok(NONE);
        }
        if let Some(number) = self.numbers.get(namespace) {
            return Ok(*number);
        }
        if namespace.len() > self.name_bytes {
            return Err(too_large("the name of a namespace", self.name_bytes, "bytes"));
        }
        let number = NamespaceId::try_from(self.names.len()).ok();
        let number = number
            .filter(|_| self.names.len() < self.most.saturating_add(2))
            .ok_or_else(|| {
                XmlError::new(
                    ErrorCode::Limit,
                    format!("the document has more than {} namespaces", self.most),
                )
            })?;
        let name: Arc<str> = namespace.into();
        self.names.push(Arc::clone(&name));
        self.numbers.insert(name, number);
        Ok(number)
    }
}

/// The constraints of [Namespaces in XML, section 3](https://www.w3.org/TR/xml-names/#ns-decl).
fn refuse_reserved(prefix: &str, namespace: &str) -> Result<(), XmlError> {
    match (prefix, namespace) {
        ("xmlns", _) => Err(fault("the prefix xmlns must not be declared")),
        ("xml", XML) => Ok(()),
        ("xml", _) => Err(fault("the prefix xml must not be bound to another namespace")),
        (_, XML) => Err(fault("the namespace of xml: must not be bound to another prefix")),
        (_, XMLNS) => Err(fault("nothing may be bound to the namespace of declarations")),
        (prefix, "") if !prefix.is_empty() => Err(fault("a prefix must not be bound to nothing")),
        _ => Ok(()),
    }
}

fn fault(text: &str) -> XmlError {
    XmlError::new(ErrorCode::Namespace, text)
}
