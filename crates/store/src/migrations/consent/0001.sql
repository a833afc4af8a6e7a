-- The consent ledger: nothing in it is ever changed.
CREATE TABLE ecrm_consent_entry (
    subject_id {uuid} NOT NULL,
    purpose {text} NOT NULL,
    channel {text} NOT NULL,
    valid_at {integer} NOT NULL,
    recorded_at {integer} NOT NULL,
    entry_id {uuid} NOT NULL,
    decision {text} NOT NULL,
    expires_at {integer},
    source {text} NOT NULL,
    text_version {text},
    proof {text},
    PRIMARY KEY (subject_id, purpose, channel, valid_at, recorded_at, entry_id)
) {clustered};

-- Addresses that must not be used. Only a hash of the address is kept, so that it still holds after an erasure.
CREATE TABLE ecrm_consent_suppression (
    address_hash {text} NOT NULL,
    channel {text} NOT NULL,
    reason {text} NOT NULL,
    source {text} NOT NULL,
    recorded_at {integer} NOT NULL,
    keep_until {integer},
    lifted_at {integer},
    PRIMARY KEY (address_hash, channel, reason, recorded_at)
) {clustered};

-- Which addresses were suppressed or released since a consumer of changes last looked.
CREATE TABLE ecrm_consent_suppression_change (
    address_hash {text} NOT NULL,
    consumer {text} NOT NULL,
    noted_at {integer} NOT NULL,
    PRIMARY KEY (address_hash, consumer)
) {clustered};

INSERT INTO ecrm_store_customer_table (table_name, column_name, module) VALUES
    ('ecrm_consent_entry', 'subject_id', 'consent');
