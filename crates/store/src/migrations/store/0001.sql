-- What every other group of tables builds on.

-- Every table that carries the id of a customer or guest: merge, export and erasure walk this list.
CREATE TABLE ecrm_store_customer_table (
    table_name {text} NOT NULL,
    column_name {text} NOT NULL,
    module {text} NOT NULL,
    PRIMARY KEY (table_name, column_name)
) {clustered};

-- The keys of other systems, each with our id for the same thing. The digest tells a repetition from a contradiction.
CREATE TABLE ecrm_store_external_ref (
    key {text} NOT NULL,
    system {text} NOT NULL,
    kind {text} NOT NULL,
    id {uuid} NOT NULL,
    subject_id {uuid} NOT NULL,
    digest {text} NOT NULL,
    recorded_at {integer} NOT NULL,
    PRIMARY KEY (key, system, kind)
) {clustered};

CREATE INDEX ecrm_store_external_ref_subject ON ecrm_store_external_ref (subject_id);

-- Who wants to know of changes to the shared record. Where nobody does, no change is noted, and nothing is paid.
CREATE TABLE ecrm_store_change_consumer (
    consumer {text} NOT NULL PRIMARY KEY,
    registered_at {integer} NOT NULL
) {clustered};

-- What changed about whom since a consumer last looked: one row for each kind, with the number of writes.
CREATE TABLE ecrm_store_change (
    subject_id {uuid} NOT NULL,
    consumer {text} NOT NULL,
    kind {text} NOT NULL,
    noted_at {integer} NOT NULL,
    writes {integer} NOT NULL,
    PRIMARY KEY (subject_id, consumer, kind)
) {clustered};

INSERT INTO ecrm_store_customer_table (table_name, column_name, module) VALUES
    ('ecrm_store_external_ref', 'subject_id', 'store'),
    ('ecrm_store_change', 'subject_id', 'store');
