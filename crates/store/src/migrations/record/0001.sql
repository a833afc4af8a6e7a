-- The customers as they are now. A write names the version that it was made from.
CREATE TABLE ecrm_record_customer (
    customer_id {uuid} NOT NULL PRIMARY KEY,
    version {integer} NOT NULL,
    registered_at {integer} NOT NULL,
    recorded_at {integer} NOT NULL,
    data {json} NOT NULL
) {clustered};

-- Every version of every customer, as it was written.
CREATE TABLE ecrm_record_customer_version (
    customer_id {uuid} NOT NULL,
    version {integer} NOT NULL,
    recorded_at {integer} NOT NULL,
    source {text} NOT NULL,
    data {json} NOT NULL,
    PRIMARY KEY (customer_id, version)
) {clustered};

-- What customers are recognised by. The look-up key comes first: it is what the table is distributed by.
CREATE TABLE ecrm_record_identifier (
    value {text} NOT NULL,
    kind {text} NOT NULL,
    customer_id {uuid} NOT NULL,
    strength {text} NOT NULL,
    source {text} NOT NULL,
    first_seen_at {integer} NOT NULL,
    last_seen_at {integer} NOT NULL,
    data {json} NOT NULL,
    PRIMARY KEY (value, kind, customer_id)
) {clustered};

-- A strong identifier has one owner.
CREATE UNIQUE INDEX ecrm_record_identifier_owner ON ecrm_record_identifier (value, kind) WHERE strength = 'strong';

CREATE INDEX ecrm_record_identifier_customer ON ecrm_record_identifier (customer_id);

-- Versions of typed attributes and declared preferences. A missing value means: not known from then on.
CREATE TABLE ecrm_record_attribute (
    customer_id {uuid} NOT NULL,
    name {text} NOT NULL,
    valid_at {integer} NOT NULL,
    recorded_at {integer} NOT NULL,
    attribute_id {uuid} NOT NULL,
    source {text} NOT NULL,
    value_type {text},
    value {text},
    PRIMARY KEY (customer_id, name, valid_at, recorded_at, attribute_id)
) {clustered};

INSERT INTO ecrm_store_customer_table (table_name, column_name, module) VALUES
    ('ecrm_record_customer', 'customer_id', 'record'),
    ('ecrm_record_customer_version', 'customer_id', 'record'),
    ('ecrm_record_identifier', 'customer_id', 'record'),
    ('ecrm_record_attribute', 'customer_id', 'record');
