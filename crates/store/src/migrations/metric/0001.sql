-- Named numbers about customers. Modules publish them, segmentation reads them.
CREATE TABLE ecrm_metric_value (
    subject_id {uuid} NOT NULL,
    name {text} NOT NULL,
    value {real} NOT NULL,
    unit {text} NOT NULL,
    as_of {integer} NOT NULL,
    PRIMARY KEY (subject_id, name)
) {clustered};

INSERT INTO ecrm_store_customer_table (table_name, column_name, module) VALUES
    ('ecrm_metric_value', 'subject_id', 'metric');
