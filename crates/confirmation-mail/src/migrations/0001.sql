-- The outbox. A lane is a hash of the key; a claim names its lane. What is due next stands in due_at: the first attempt, the
-- next attempt, or the end of a lease.
CREATE TABLE ecrm_confirmation_mail_message (
    lane {integer} NOT NULL,
    message_key {text} NOT NULL,
    mail_id {uuid} NOT NULL,
    subject_id {uuid} NOT NULL,
    is_guest {boolean} NOT NULL,
    recipient {text} NOT NULL,
    notice {text} NOT NULL,
    locale {text} NOT NULL,
    digest {text} NOT NULL,
    message_id {text} NOT NULL,
    sender {text} NOT NULL,
    enqueued_at {integer} NOT NULL,
    state {text} NOT NULL,
    attempt {integer} NOT NULL,
    due_at {integer} NOT NULL,
    expires_at {integer} NOT NULL,
    uncertain_at {integer},
    uncertain_times {integer} NOT NULL,
    settled_at {integer},
    detail {text},
    PRIMARY KEY (lane, message_key)
) {clustered};

-- Settled messages are not in it, so that a claim costs the same with a million of them.
CREATE INDEX ecrm_confirmation_mail_message_due ON ecrm_confirmation_mail_message (lane, due_at, message_key)
    WHERE settled_at IS NULL;

-- The bytes of each message, final at enqueue, apart from the row that changes.
CREATE TABLE ecrm_confirmation_mail_content (
    lane {integer} NOT NULL,
    message_key {text} NOT NULL,
    subject_id {uuid} NOT NULL,
    content {blob} NOT NULL,
    PRIMARY KEY (lane, message_key)
);

CREATE INDEX ecrm_confirmation_mail_message_subject ON ecrm_confirmation_mail_message (subject_id);

CREATE INDEX ecrm_confirmation_mail_content_subject ON ecrm_confirmation_mail_content (subject_id);

INSERT INTO ecrm_store_customer_table (table_name, column_name, module) VALUES
    ('ecrm_confirmation_mail_message', 'subject_id', 'confirmation_mail'),
    ('ecrm_confirmation_mail_content', 'subject_id', 'confirmation_mail');
