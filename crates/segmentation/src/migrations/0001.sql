-- One row: what holds for all segments. The stamp tells one set of definitions from another.
CREATE TABLE ecrm_segmentation_state (
    key {text} NOT NULL PRIMARY KEY,
    zone {text} NOT NULL,
    stamp {text} NOT NULL,
    segments {integer} NOT NULL,
    customers {integer} NOT NULL,
    position {integer} NOT NULL,
    packed_to {uuid},
    laid {integer} NOT NULL,
    laid_to {uuid},
    is_packed {boolean} NOT NULL,
    advanced_to {integer} NOT NULL,
    next_flip {integer}
) {clustered};

-- The segments. Their number is what everything else knows them by, so that a name can change.
CREATE TABLE ecrm_segmentation_segment (
    name {text} NOT NULL PRIMARY KEY,
    segment {integer} NOT NULL,
    version {integer} NOT NULL,
    members {integer} NOT NULL,
    has_manual {boolean} NOT NULL,
    archived_at {integer}
) {clustered};

-- Every version of every definition.
CREATE TABLE ecrm_segmentation_definition (
    segment {integer} NOT NULL,
    version {integer} NOT NULL,
    criteria {json} NOT NULL,
    defined_at {integer} NOT NULL,
    position {integer} NOT NULL,
    entered {integer} NOT NULL,
    left_count {integer} NOT NULL,
    PRIMARY KEY (segment, version)
) {clustered};

-- Who came in and who went when a definition was replaced by its next version: sets of customer numbers.
CREATE TABLE ecrm_segmentation_difference (
    segment {integer} NOT NULL,
    version {integer} NOT NULL,
    sheet {integer} NOT NULL,
    entered {blob} NOT NULL,
    left_set {blob} NOT NULL,
    PRIMARY KEY (segment, version, sheet)
) {clustered};

-- The number of each customer, given once and for all, and what is known of the customer, packed: for events, which are about one.
CREATE TABLE ecrm_segmentation_customer (
    customer_id {uuid} NOT NULL PRIMARY KEY,
    number {integer} NOT NULL,
    hot {blob} NOT NULL,
    cold {blob} NOT NULL
) {strict};

-- The same of some customers together, for criteria, which are about all: their ids, what most criteria look at, and the rest.
CREATE TABLE ecrm_segmentation_block (
    block {integer} NOT NULL,
    part {integer} NOT NULL,
    data {blob} NOT NULL,
    PRIMARY KEY (block, part)
) {clustered};

-- The members of each segment, as sets of customer numbers.
CREATE TABLE ecrm_segmentation_members (
    segment {integer} NOT NULL,
    sheet {integer} NOT NULL,
    data {blob} NOT NULL,
    PRIMARY KEY (segment, sheet)
) {clustered};

-- When time alone changes something for whom, by the day.
CREATE TABLE ecrm_segmentation_flips (
    day {integer} NOT NULL,
    sheet {integer} NOT NULL,
    earliest {integer} NOT NULL,
    data {blob} NOT NULL,
    PRIMARY KEY (day, sheet)
) {clustered};

-- Customers about whom something happened that is not yet in their block: where they stand, what brought them there, and what is known of
-- them. Written by the event itself, and by nobody else. The table stays small, so it has no other index for an event to keep.
CREATE TABLE ecrm_segmentation_changed (
    customer_id {uuid} NOT NULL PRIMARY KEY,
    stamp {text} NOT NULL,
    evaluated_at {integer} NOT NULL,
    next_flip {integer},
    members {blob} NOT NULL,
    moves {blob} NOT NULL,
    news {json} NOT NULL,
    is_whole {boolean} NOT NULL,
    hot {blob} NOT NULL,
    cold {blob} NOT NULL
) {strict};

-- Who came in and who went, when and why, in the order in which it became part of the sets.
CREATE TABLE ecrm_segmentation_log (
    customer_id {uuid} NOT NULL,
    position {integer} NOT NULL,
    segment {integer} NOT NULL,
    is_member {boolean} NOT NULL,
    at {integer} NOT NULL,
    recorded_at {integer} NOT NULL,
    reason {json} NOT NULL,
    PRIMARY KEY (customer_id, position)
) {clustered};

CREATE INDEX ecrm_segmentation_log_position ON ecrm_segmentation_log (segment, position);

-- Lists that people keep: from when until when a customer was on them.
CREATE TABLE ecrm_segmentation_list_entry (
    customer_id {uuid} NOT NULL,
    list {text} NOT NULL,
    added_at {integer} NOT NULL,
    removed_at {integer},
    source {text} NOT NULL,
    PRIMARY KEY (customer_id, list, added_at)
) {clustered};

CREATE INDEX ecrm_segmentation_list_entry_list ON ecrm_segmentation_list_entry (list, customer_id);

INSERT INTO ecrm_store_customer_table (table_name, column_name, module) VALUES
    ('ecrm_segmentation_customer', 'customer_id', 'segmentation'),
    ('ecrm_segmentation_changed', 'customer_id', 'segmentation'),
    ('ecrm_segmentation_log', 'customer_id', 'segmentation'),
    ('ecrm_segmentation_list_entry', 'customer_id', 'segmentation');
