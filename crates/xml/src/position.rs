//! Counting lines and characters.

use crate::Position;

/// A position that moves over a text.
#[derive(Clone, Copy)]
pub(crate) struct Counter {
    pub(crate) position: Position,
    is_after_return: bool,
}

impl Counter {
    /// A counter that goes on from a position.
    pub(crate) fn at(position: Position) -> Self {
        Self {
            position,
            is_after_return: false,
        }
    }

    /// Moves behind a text.
    pub(crate) fn pass(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut line_start = 0;
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let follows_return = if at == 0 {
                self.is_after_return
            } else {
                bytes[at - 1] == b'\r'
            };
            if !(bytes[at] == b'\n' && follows_return) {
                self.position.line += 1;
            }
            line_start = at + 1;
            self.position.column = 1;
        }
        let characters = text[line_start..].chars().count();
        self.position.column += characters as u64;
        self.position.offset += text.len() as u64;
        if let Some(last) = bytes.last() {
            self.is_after_return = *last == b'\r';
        }
    }
}
