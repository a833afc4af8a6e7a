//! Recognises a customer by what is known of somebody, or makes a new one.

use chrono::{DateTime, Utc};
use ecrm_core::{Customer, CustomerId, IdSource, Identifier, Recipient, Source, Strength};
use ecrm_store::{Session, SessionExt, StoreError, StoreErrorKind, customers, identifiers};

/// Somebody who may be a customer already: the identifiers, the most reliable first, and what a new customer would begin with.
#[derive(Debug, Clone)]
pub struct Person {
    identifiers: Vec<Identifier>,
    sketch: Customer,
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
    /// Somebody with an identifier; `sketch` fills in what a new customer would begin with.
    ///
    /// ```
    /// use ecrm::core::{ExternalRef, Identifier, PersonName};
    /// use ecrm::recognition::Person;
    /// let ann = Person::new(Identifier::External(ExternalRef::new("shop", "C-17")?))
    ///     .and(Identifier::Email("ann@mail.example".parse()?))
    ///     .sketched(|new| new.with_name(PersonName::single("Ann").expect("a name")));
    /// # Ok::<(), ecrm::core::ValueError>(())
    /// ```
    #[must_use]
    pub fn new(identifier: Identifier) -> Self {
        // The id and the time of the sketch are replaced when a customer is made of it.
        let sketch = Customer::new(CustomerId::from_uuid(Default::default()), DateTime::UNIX_EPOCH);
        Self {
            identifiers: vec![identifier],
            sketch,
        }
    }

    /// The person with one more identifier.
    #[must_use]
    pub fn and(mut self, identifier: Identifier) -> Self {
        self.identifiers.push(identifier);
        self
    }

    /// The person with what a new customer would begin with: name, mailbox, language and the like.
    #[must_use]
    pub fn sketched(mut self, fill_in: impl FnOnce(Customer) -> Customer) -> Self {
        self.sketch = fill_in(self.sketch);
        self
    }

    /// How this person is to be reached now: by what was given with it, and otherwise by what is stored.
    #[must_use]
    pub fn recipient(&self, stored: &Customer) -> Recipient {
        let (given, mut recipient) = (&self.sketch, Recipient::from(stored));
        if let Some(name) = given.name() {
            recipient = recipient.with_name(name.clone());
        }
        if let Some(email) = given.email() {
            recipient = recipient.with_email(email.clone());
        }
        if let Some(phone) = given.phone() {
            recipient = recipient.with_phone(phone.clone());
        }
        if let Some(address) = given.address() {
            recipient = recipient.with_address(address.clone());
        }
        if let Some(locale) = given.locale() {
            recipient = recipient.with_locale(locale.clone());
        }
        recipient
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
    let customer = person.sketch.clone().identified(CustomerId::new(ids, now), now);
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
