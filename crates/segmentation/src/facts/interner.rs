//! Texts, each kept once.

use std::collections::HashMap;

use super::table::Symbol;
use super::texts::Texts;

/// Gives each different text a symbol; the empty one, which stands for none, is 0.
#[derive(Default)]
pub(super) struct Interner {
    symbols: HashMap<Box<str>, Symbol>,
}

impl Interner {
    pub(super) fn symbol(&mut self, text: Option<&str>) -> Symbol {
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return 0;
        };
        if let Some(symbol) = self.symbols.get(text) {
            return *symbol;
        }
        let symbol = Symbol::try_from(self.symbols.len() + 1).unwrap_or(Symbol::MAX);
        self.symbols.insert(text.into(), symbol);
        symbol
    }

    /// The texts, each at the place of its symbol.
    pub(super) fn into_texts(self) -> Texts {
        let mut sorted: Vec<(Symbol, Box<str>)> =
            self.symbols.into_iter().map(|(text, symbol)| (symbol, text)).collect();
        sorted.sort_unstable_by_key(|(symbol, _)| *symbol);
        let mut texts = Texts::default();
        sorted.iter().for_each(|(_, text)| texts.push(text));
        texts
    }
}
