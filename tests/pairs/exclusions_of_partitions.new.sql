-- since 17
CREATE TABLE shifts (hours int4range, CONSTRAINT apart EXCLUDE USING gist (hours WITH =)) PARTITION BY LIST (hours);
CREATE TABLE shifts_one PARTITION OF shifts FOR VALUES IN ('[1,2)', '[5,6)');
CREATE TABLE shifts_two PARTITION OF shifts FOR VALUES IN ('[2,3)') PARTITION BY LIST (hours);
CREATE TABLE shifts_two_two PARTITION OF shifts_two FOR VALUES IN ('[2,3)');
ALTER TABLE shifts_two_two RENAME CONSTRAINT shifts_two_two_hours_excl TO odd;
CREATE TABLE shifts_three (hours int4range, CONSTRAINT shifts_three_hours_excl EXCLUDE USING gist (hours WITH =));
CREATE TABLE breaks (hours int4range, CONSTRAINT spread EXCLUDE USING gist (hours WITH =)) PARTITION BY LIST (hours);
CREATE TABLE breaks_one (hours int4range, CONSTRAINT own EXCLUDE USING gist (hours WITH =));
ALTER TABLE breaks ATTACH PARTITION breaks_one FOR VALUES IN ('[1,2)');
CREATE TABLE breaks_two PARTITION OF breaks FOR VALUES IN ('[2,3)');
CREATE TABLE rests (hours int4range, CONSTRAINT once EXCLUDE USING gist (hours WITH =) DEFERRABLE) PARTITION BY LIST (hours);
CREATE TABLE rests_one PARTITION OF rests FOR VALUES IN ('[1,2)');
