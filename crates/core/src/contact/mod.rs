//! Contact data. `Debug` never shows it.

mod address;
mod country;
mod country_table;
mod data;
mod email;
mod locale;
mod name;
mod organisation;
mod phone;

pub use address::PostalAddress;
pub use country::Country;
pub use data::ContactData;
pub use email::EmailAddress;
pub use locale::Locale;
pub use name::PersonName;
pub use organisation::Organisation;
pub use phone::PhoneNumber;
