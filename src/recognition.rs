//! Recognises a customer by what is known of somebody, or makes a new one.

use chrono::{DateTime, Utc};
use ecrm_core::{ContactData, Customer, CustomerId, IdSource, Identifier, Recipient, Source, Strength};
use ecrm_store::{Session, SessionExt, StoreError, StoreErrorKind, customers, identifiers};

/// Somebody who may be a customer already: the identifiers, the most reliable first, and the contact data.
#[derive(Debug, Clone)]
pub struct Person {
    identifiers: Vec<Identifier>,
    contact: ContactData,
}

/// A customer that was recognised or made.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Recognised {
    /// The customer as stored.
    pub customer: Customer,
    /// True when nobody was recognised and the customer was made.
    pub is_new: bool,
    /// Strong identifiers that belong to somebody else. They were left there: two people are never joined by themselves.
    pub contested: Vec<Identifier>,
}

impl Person {
    /// Somebody with an identifier.
    ///
    /// ```
    /// use ecrm::core::{ContactData, ExternalRef, Identifier, PersonName};
    /// use ecrm::recognition::Person;
    /// let ann = Person::new(Identifier::External(ExternalRef::new("shop", "C-17")?))
    ///     .and(Identifier::Email("ann@mail.example".parse()?))
    ///     .with_contact(ContactData::new().with_name(PersonName::single("Ann")?));
    /// # Ok::<(), ecrm::core::ValueError>(())
    /// ```
    #[must_use]
    pub fn new(identifier: Identifier) -> Self {
        Self {
            identifiers: vec![identifier],
            contact: ContactData::new(),
        }
    }

    /// The person with one more identifier.
    #[must_use]
    pub fn and(mut self, identifier: Identifier) -> Self {
        self.identifiers.push(identifier);
        self
    }

    /// The person with contact data: what a new customer begins with, and what is used for this occasion.
    #[must_use]
    pub fn with_contact(mut self, contact: ContactData) -> Self {
        self.contact = contact;
        self
    }

    /// How this person is to be reached now: by what was given with it, and otherwise by what is stored.
    #[must_use]
    pub fn recipient(&self, stored: &Customer) -> Recipient {
        Recipient::new(stored.id(), self.contact.clone().or(stored.contact()))
    }

    /// The identifiers, the most reliable first.
    #[must_use]
    pub fn identifiers(&self) -> &[Identifier] {
        &self.identifiers
    }
}

/// Finds the customer of the first strong identifier that has an owner, and locks it until the transaction ends; makes a customer
/// where there is none. Further identifiers are attached unless they belong to somebody else.
///
/// # Errors
/// [`StoreError::should_retry_transaction`] when the same new customer was made by another transaction at this moment.
pub fn recognise(
    session: &mut dyn Session,
    person: &Person,
    source: &Source,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<Recognised, StoreError> {
    session.atomically(|session| recognise_or_make(session, person, source, ids, now))
}

fn recognise_or_make(
    session: &mut dyn Session,
    person: &Person,
    source: &Source,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<Recognised, StoreError> {
    let mut owners = Vec::new();
    for identifier in &person.identifiers {
        let owner = match identifier.strength() {
            Strength::Strong => identifiers::owner(session, identifier)?,
            Strength::Weak => None,
        };
        owners.push(owner);
    }
    let known = owners.iter().flatten().next().copied();
    let (customer, is_new) = match known {
        Some(id) => {
            let locked = customers::lock(session, id)?;
            (
                locked.ok_or_else(|| StoreError::not_found("the customer that an identifier belongs to"))?,
                false,
            )
        }
        None => (make(session, person, source, ids, now)?, true),
    };
    let mut contested = Vec::new();
    for (identifier, owner) in person.identifiers.iter().zip(owners) {
        match owner {
            Some(owner) if owner != customer.id() => contested.push(identifier.clone()),
            Some(_) => {}
            None => attach(session, customer.id(), identifier, source, now)?,
        }
    }
    Ok(Recognised {
        customer,
        is_new,
        contested,
    })
}

fn make(
    session: &mut dyn Session,
    person: &Person,
    source: &Source,
    ids: &dyn IdSource,
    now: DateTime<Utc>,
) -> Result<Customer, StoreError> {
    let customer = Customer::new(CustomerId::new(ids, now), now).with_contact(person.contact.clone());
    customers::insert(session, &customer, source, now)
}

fn attach(
    session: &mut dyn Session,
    customer: CustomerId,
    identifier: &Identifier,
    source: &Source,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    identifiers::attach(session, customer, identifier, source, now).map_err(|error| {
        if error.is_unique_violation() {
            // Nobody owned it a moment ago: another transaction has just registered the same person.
            return StoreError::new(
                StoreErrorKind::SerializationFailure,
                "the same customer was registered by another transaction at this moment; repeat the transaction",
            );
        }
        error
    })
}
