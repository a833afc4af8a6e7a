//! Contact data. `Debug` never shows it.

mod address;
mod country;
mod country_table;
mod email;
mod locale;
mod name;
mod phone;

pub use address::PostalAddress;
pub use country::Country;
pub use email::EmailAddress;
pub use locale::Locale;
pub use name::PersonName;
pub use phone::PhoneNumber;
