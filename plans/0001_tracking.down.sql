-- trueup: plan format 1
-- trueup: number 0001
-- trueup: name tracking
-- trueup: direction down
-- trueup: from unknown
-- trueup: to unknown
-- trueup: server any
-- trueup: risk high
-- trueup: checksum sha256:f958d658f69358ad0104344c7c974b11eef1158cac0a652647a136f498fdd5be

-- trueup: begin transaction 1
BEGIN;

-- trueup: step 1 (transaction 1): drop table trueup.catalog
-- trueup:   locks AccessExclusive trueup.catalog
-- trueup:   loses the rows of trueup.catalog
DROP TABLE trueup.catalog;

-- trueup: step 2 (transaction 1): drop table trueup.lock
-- trueup:   locks AccessExclusive trueup.lock
-- trueup:   loses the rows of trueup.lock
DROP TABLE trueup.lock;

-- trueup: step 3 (transaction 1): drop table trueup.audit
-- trueup:   locks AccessExclusive trueup.audit
-- trueup:   loses the rows of trueup.audit
DROP TABLE trueup.audit;

-- trueup: step 4 (transaction 1): drop table trueup.step
-- trueup:   locks AccessExclusive trueup.step
-- trueup:   loses the rows of trueup.step
DROP TABLE trueup.step;

-- trueup: step 5 (transaction 1): drop table trueup.history
-- trueup:   locks AccessExclusive trueup.history
-- trueup:   loses the rows of trueup.history
DROP TABLE trueup.history;

-- trueup: step 6 (transaction 1): drop schema trueup
DROP SCHEMA trueup;

-- trueup: commit transaction 1
COMMIT;
