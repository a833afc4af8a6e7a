//! Texts, each kept once.

use std::collections::HashMap;

use super::table::Symbol;
use super::texts::Texts;

/// So many texts are compared one by one: an event has fewer.
const FEW: usize = 48;

/// Gives each different text a symbol; the empty one, which stands for none, is 0.
#[derive(Default)]
pub(super) struct Interner {
    texts: Texts,
    /// All of them, once they are many.
    symbols: HashMap<Box<str>, Symbol>,
}

impl Interner {
    /// Goes on from texts that have their symbols.
    pub(super) fn of(texts: Texts) -> Self {
        let mut interner = Self {
            texts,
            symbols: HashMap::new(),
        };
        interner.index();
        interner
    }

    pub(super) fn symbol(&mut self, text: Option<&str>) -> Symbol {
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return 0;
        };
        let known = if self.texts.len() <= FEW {
            self.texts.find(text)
        } else {
            self.symbols.get(text).copied()
        };
        known.unwrap_or_else(|| self.add(text))
    }

    /// The texts, each at the place of its symbol.
    pub(super) fn into_texts(self) -> Texts {
        self.texts
    }

    fn add(&mut self, text: &str) -> Symbol {
        let symbol = Symbol::try_from(self.texts.len()).unwrap_or(Symbol::MAX);
        self.texts.push(text);
        if !self.symbols.is_empty() {
            self.symbols.insert(text.into(), symbol);
        } else {
            self.index();
        }
        symbol
    }

    fn index(&mut self) {
        if self.texts.len() > FEW {
            let all = self.texts.iter().map(|(symbol, text)| (text.into(), symbol));
            self.symbols = all.collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_texts_keep_their_symbols() {
        let mut interner = Interner::default();
        let texts: Vec<String> = (1..100).map(|number| format!("text {number}")).collect();
        for _ in 0..2 {
            for (symbol, text) in (1..).zip(&texts) {
                assert_eq!(interner.symbol(Some(text)), symbol);
            }
        }
        assert_eq!((interner.symbol(Some("")), interner.symbol(None)), (0, 0));
        let kept = interner.into_texts();
        assert!((1..).zip(&texts).all(|(symbol, text)| kept.get(symbol) == Some(text)));
    }
}
