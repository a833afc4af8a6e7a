//! The words of mail systems, as data. A phrase belongs here when some system writes it, not when one mail has it.

pub(crate) mod address;
pub(crate) mod refusal;
pub(crate) mod system;
