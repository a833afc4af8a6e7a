//! The texts that a program asks for, found once in each block.

use std::collections::HashMap;

use crate::criteria::{Test, Value};
use crate::facts::Block;

/// The different texts of a program.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    places: HashMap<String, usize>,
    /// A bit for how long each is and how it begins: most texts of a block are none of them, and have another bit.
    bits: u64,
}

/// The place of a text among the words.
pub(super) type Word = usize;

impl Words {
    pub(super) fn word(&mut self, text: &str) -> Word {
        let next = self.places.len();
        self.bits |= bit(text);
        *self.places.entry(text.to_owned()).or_insert(next)
    }

    /// The symbol of each in a block; 0 for those that no customer of the block has.
    pub(super) fn symbols(&self, block: &Block) -> Symbols {
        let mut symbols = vec![0; self.places.len()];
        if !symbols.is_empty() {
            for (symbol, text) in block.texts.iter() {
                if self.bits & bit(text) == 0 {
                    continue;
                }
                if let Some(place) = self.places.get(text) {
                    symbols[*place] = symbol;
                }
            }
        }
        Symbols(symbols)
    }
}

fn bit(text: &str) -> u64 {
    let first = text.bytes().next().unwrap_or_default();
    1 << ((text.len() * 7 + usize::from(first)) % 64)
}

/// The texts that pass a test of equality.
pub(super) fn texts(test: &Test) -> Option<Vec<&str>> {
    fn text(value: &Value) -> Option<&str> {
        match value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
    match test {
        Test::Equals(value) => Some(vec![text(value)?]),
        Test::OneOf(values) => values.iter().map(text).collect(),
        _ => None,
    }
}

/// The same as words.
pub(super) fn of_words(test: &Test, words: &mut Words) -> Option<Vec<Word>> {
    Some(texts(test)?.into_iter().map(|text| words.word(text)).collect())
}

/// The symbols of words in a block.
pub(super) struct Symbols(Vec<u32>);

impl Symbols {
    /// Nothing where no customer of the block has it.
    pub(super) fn of(&self, word: Word) -> Option<u32> {
        self.0.get(word).copied().filter(|symbol| *symbol > 0)
    }

    /// Those of some words that any customer of the block has.
    pub(super) fn of_all(&self, words: &[Word]) -> Vec<u32> {
        words.iter().filter_map(|word| self.of(*word)).collect()
    }
}
