-- trueup: plan format 1
-- trueup: number 0001
-- trueup: name tracking
-- trueup: direction down
-- trueup: from unknown
-- trueup: to unknown
-- trueup: server any
-- trueup: risk high
-- trueup: checksum sha256:f291fd19e34a98af8ed35f509f7210915cfdec241facbf3dd38ed54f2de8e759

-- trueup: begin transaction 1
BEGIN;

-- trueup: step 1 (transaction 1): drop table trueup.lock
-- trueup:   locks AccessExclusive trueup.lock
-- trueup:   loses the rows of trueup.lock
DROP TABLE trueup.lock;

-- trueup: step 2 (transaction 1): drop table trueup.audit
-- trueup:   locks AccessExclusive trueup.audit
-- trueup:   loses the rows of trueup.audit
DROP TABLE trueup.audit;

-- trueup: step 3 (transaction 1): drop table trueup.step
-- trueup:   locks AccessExclusive trueup.step
-- trueup:   loses the rows of trueup.step
DROP TABLE trueup.step;

-- trueup: step 4 (transaction 1): drop table trueup.history
-- trueup:   locks AccessExclusive trueup.history
-- trueup:   loses the rows of trueup.history
DROP TABLE trueup.history;

-- trueup: step 5 (transaction 1): drop schema trueup
DROP SCHEMA trueup;

-- trueup: commit transaction 1
COMMIT;
