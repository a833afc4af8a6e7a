-- Every date that somebody was told. Broken is not a column: it follows from the time.
CREATE TABLE ecrm_promise_entry (
    subject_id {uuid} NOT NULL,
    promise_id {uuid} NOT NULL,
    about {text} NOT NULL,
    what {text} NOT NULL,
    due_at {integer} NOT NULL,
    made_at {integer} NOT NULL,
    made_by {text} NOT NULL,
    supersedes {uuid},
    ended_at {integer},
    outcome {text},
    evidence {text},
    PRIMARY KEY (subject_id, promise_id)
) {clustered};

CREATE INDEX ecrm_promise_entry_open ON ecrm_promise_entry (due_at) WHERE ended_at IS NULL;

-- Nobody has two open promises of the same thing, though two transactions may tell him of it at once.
CREATE UNIQUE INDEX ecrm_promise_entry_one_open ON ecrm_promise_entry (subject_id, about, what) WHERE ended_at IS NULL;

-- What is reported for a period is found by its time, ended or not.
CREATE INDEX ecrm_promise_entry_due ON ecrm_promise_entry (due_at);

INSERT INTO ecrm_store_customer_table (table_name, column_name, module) VALUES
    ('ecrm_promise_entry', 'subject_id', 'promise');
