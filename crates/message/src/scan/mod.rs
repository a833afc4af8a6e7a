//! Finding addresses, codes and phrases in the texts that mail systems write.

pub(crate) mod address;
pub(crate) mod code;
pub(crate) mod phrase;
