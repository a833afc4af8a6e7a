-- What happened, in the order in which it happened to each customer. Rows are never changed.
CREATE TABLE ecrm_activity_event (
    subject_id {uuid} NOT NULL,
    valid_at {integer} NOT NULL,
    activity_id {uuid} NOT NULL,
    recorded_at {integer} NOT NULL,
    is_guest {boolean} NOT NULL,
    kind {text} NOT NULL,
    source {text} NOT NULL,
    corrects {uuid},
    order_id {uuid},
    channel {text},
    currency {text},
    amount {integer},
    detail {json} NOT NULL,
    PRIMARY KEY (subject_id, valid_at, activity_id)
) {clustered};

-- The lines of orders and returns, beside their activity. Quantities and unit prices are in millionths, amounts in minor units.
CREATE TABLE ecrm_activity_line (
    subject_id {uuid} NOT NULL,
    valid_at {integer} NOT NULL,
    activity_id {uuid} NOT NULL,
    position {integer} NOT NULL,
    kind {text} NOT NULL,
    sku {text} NOT NULL,
    description {text} NOT NULL,
    quantity {integer} NOT NULL,
    unit_price {integer} NOT NULL,
    currency {text} NOT NULL,
    amount {integer} NOT NULL,
    cost {integer},
    category {text},
    brand {text},
    availability {text} NOT NULL,
    expected_on {text},
    PRIMARY KEY (subject_id, valid_at, activity_id, position)
) {clustered};

INSERT INTO ecrm_store_customer_table (table_name, column_name, module) VALUES
    ('ecrm_activity_event', 'subject_id', 'activity'),
    ('ecrm_activity_line', 'subject_id', 'activity');
