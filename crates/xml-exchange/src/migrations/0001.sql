-- How far each feed was imported. A feed is looked up by its name, and nothing else.
CREATE TABLE ecrm_xml_exchange_feed (
    feed {text} NOT NULL,
    records {integer} NOT NULL,
    digest {text} NOT NULL,
    state {text} NOT NULL,
    updated_at {integer} NOT NULL,
    PRIMARY KEY (feed)
) {clustered};

-- Documents that came in or went out, by the number that their sender gave them, as they were, with the answer that was given.
CREATE TABLE ecrm_xml_exchange_document (
    number {text} NOT NULL,
    sender {text} NOT NULL,
    kind {text} NOT NULL,
    subject_id {uuid} NOT NULL,
    received_at {integer} NOT NULL,
    content {text} NOT NULL,
    answer {text} NOT NULL,
    PRIMARY KEY (number, sender, kind)
) {strict};

CREATE INDEX ecrm_xml_exchange_document_subject ON ecrm_xml_exchange_document (subject_id);

-- What was in a record and not understood, so that it can be written back.
CREATE TABLE ecrm_xml_exchange_kept (
    subject_id {uuid} NOT NULL,
    record_id {uuid} NOT NULL,
    kept {json} NOT NULL,
    PRIMARY KEY (subject_id, record_id)
) {clustered};

INSERT INTO ecrm_store_customer_table (table_name, column_name, module) VALUES
    ('ecrm_xml_exchange_document', 'subject_id', 'xml_exchange'),
    ('ecrm_xml_exchange_kept', 'subject_id', 'xml_exchange');
