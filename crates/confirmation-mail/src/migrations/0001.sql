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
    purpose {text} NOT NULL,
    about {text},
    locale {text} NOT NULL,
    digest {text} NOT NULL,
    message_id {text} NOT NULL,
    sender {text} NOT NULL,
    enqueued_at {integer} NOT NULL,
    state {text} NOT NULL,
    priority {integer} NOT NULL,
    keeps_quiet_hours {boolean} NOT NULL,
    when_uncertain {text} NOT NULL,
    attempt {integer} NOT NULL,
    due_at {integer} NOT NULL,
    expires_at {integer} NOT NULL,
    uncertain_at {integer},
    uncertain_times {integer} NOT NULL,
    settled_at {integer},
    status {text},
    detail {text},
    fallback {text},
    PRIMARY KEY (lane, message_key)
) {clustered};

-- Settled messages are not in it, so that a claim costs the same with a million of them.
CREATE INDEX ecrm_confirmation_mail_message_due
    ON ecrm_confirmation_mail_message (lane, priority, due_at, message_key) WHERE settled_at IS NULL;

CREATE INDEX ecrm_confirmation_mail_message_subject ON ecrm_confirmation_mail_message (subject_id);

-- A report names a Message-ID, which has the letter of its lane.
CREATE INDEX ecrm_confirmation_mail_message_name ON ecrm_confirmation_mail_message (lane, message_id);

-- What somebody has to look at: few at any time.
CREATE INDEX ecrm_confirmation_mail_message_trouble
    ON ecrm_confirmation_mail_message (state, settled_at) WHERE state IN ('bounced', 'complained', 'dead', 'uncertain');

-- Mails for which the shop's own template was broken.
CREATE INDEX ecrm_confirmation_mail_message_fallback
    ON ecrm_confirmation_mail_message (enqueued_at) WHERE fallback IS NOT NULL;

-- The bytes of each message, final at enqueue, apart from the row that changes.
CREATE TABLE ecrm_confirmation_mail_content (
    lane {integer} NOT NULL,
    message_key {text} NOT NULL,
    subject_id {uuid} NOT NULL,
    subject {text} NOT NULL,
    body {text} NOT NULL,
    content {blob} NOT NULL,
    PRIMARY KEY (lane, message_key)
) {strict};

CREATE INDEX ecrm_confirmation_mail_content_subject ON ecrm_confirmation_mail_content (subject_id);

-- What was heard of a message after a relay had taken it.
CREATE TABLE ecrm_confirmation_mail_event (
    lane {integer} NOT NULL,
    message_key {text} NOT NULL,
    happened_at {integer} NOT NULL,
    kind {text} NOT NULL,
    subject_id {uuid} NOT NULL,
    recorded_at {integer} NOT NULL,
    status {text},
    detail {text} NOT NULL,
    PRIMARY KEY (lane, message_key, happened_at, kind)
) {clustered};

CREATE INDEX ecrm_confirmation_mail_event_subject ON ecrm_confirmation_mail_event (subject_id);

-- What customers have answered by the links of their mails.
CREATE TABLE ecrm_confirmation_mail_answer (
    subject_id {uuid} NOT NULL,
    about {text} NOT NULL,
    message_key {text} NOT NULL,
    choice {text} NOT NULL,
    answered_at {integer} NOT NULL,
    PRIMARY KEY (subject_id, about, message_key)
) {clustered};

-- How fast mails may leave: in all, to each domain, and whether the relay answers.
CREATE TABLE ecrm_confirmation_mail_pace (
    scope {text} NOT NULL PRIMARY KEY,
    free_at {integer} NOT NULL,
    failures {integer} NOT NULL
) {strict};

-- A shop's own templates and texts.
CREATE TABLE ecrm_confirmation_mail_template (
    name {text} NOT NULL PRIMARY KEY,
    source {text} NOT NULL,
    changed_at {integer} NOT NULL
) {strict};

INSERT INTO ecrm_store_customer_table (table_name, column_name, module) VALUES
    ('ecrm_confirmation_mail_message', 'subject_id', 'confirmation_mail'),
    ('ecrm_confirmation_mail_content', 'subject_id', 'confirmation_mail'),
    ('ecrm_confirmation_mail_event', 'subject_id', 'confirmation_mail'),
    ('ecrm_confirmation_mail_answer', 'subject_id', 'confirmation_mail');
