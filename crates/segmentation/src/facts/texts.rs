//! The texts of a block, one behind the other.

use super::table::Symbol;

/// Each different text once, at the place of its symbol. That of symbol 0 is empty and stands for none.
#[derive(Debug, Clone)]
pub(crate) struct Texts {
    bytes: String,
    /// Where each ends.
    ends: Vec<u32>,
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            bytes: String::new(),
            ends: vec![0],
        }
    }
}

impl Texts {
    pub(super) fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    /// Adds texts of these lengths, which stand one behind the other; nothing where they do not.
    pub(super) fn append(&mut self, texts: &str, lengths: &[u32]) -> Option<()> {
        let first = u32::try_from(self.bytes.len()).ok()?;
        self.bytes.push_str(texts);
        let mut end = first;
        for length in lengths {
            end = end.checked_add(*length)?;
            self.ends.push(end);
        }
        let is_whole = |end: &u32| self.bytes.is_char_boundary(*end as usize);
        (end as usize == self.bytes.len() && self.ends.iter().all(is_whole)).then_some(())
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, symbol: Symbol) -> Option<&str> {
        let symbol = symbol as usize;
        let start = *self.ends.get(symbol.checked_sub(1)?)?;
        self.bytes.get(start as usize..*self.ends.get(symbol)? as usize)
    }

    /// The symbol of a text that is not empty.
    pub(super) fn find(&self, text: &str) -> Option<Symbol> {
        let mut start = 0;
        let place = self.ends.iter().position(|end| {
            let known = self.bytes.as_bytes().get(start..*end as usize);
            start = *end as usize;
            known == Some(text.as_bytes())
        });
        Symbol::try_from(place?).ok()
    }

    /// All but the empty one, with their symbols.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Symbol, &str)> {
        let symbols = 1..u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        symbols.filter_map(|symbol| Some((symbol, self.get(symbol)?)))
    }
}
