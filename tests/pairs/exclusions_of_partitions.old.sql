-- since 17
CREATE TABLE shifts (hours int4range, CONSTRAINT apart EXCLUDE USING gist (hours WITH =)) PARTITION BY LIST (hours);
CREATE TABLE shifts_one PARTITION OF shifts FOR VALUES IN ('[1,2)');
CREATE TABLE shifts_two PARTITION OF shifts FOR VALUES IN ('[2,3)') PARTITION BY LIST (hours);
CREATE TABLE shifts_three PARTITION OF shifts FOR VALUES IN ('[3,4)');
CREATE TABLE breaks (hours int4range) PARTITION BY LIST (hours);
CREATE TABLE breaks_one (hours int4range, CONSTRAINT own EXCLUDE USING gist (hours WITH =));
ALTER TABLE breaks ATTACH PARTITION breaks_one FOR VALUES IN ('[1,2)');
CREATE TABLE rests (hours int4range, CONSTRAINT once EXCLUDE USING gist (hours WITH =)) PARTITION BY LIST (hours);
CREATE TABLE rests_one PARTITION OF rests FOR VALUES IN ('[1,2)');
