-- Types that have no class of their own have that of the type as which their values are taken.
CREATE TABLE t (f cidr, r regclass, v varchar(3), i inet);
CREATE INDEX a ON t USING spgist (f inet_ops);
CREATE INDEX b ON t USING gist (f inet_ops);
CREATE INDEX c ON t (f inet_ops, r oid_ops, v text_ops, i inet_ops);
CREATE INDEX d ON t (f, r, v, i);
CREATE INDEX e ON t USING brin (f inet_inclusion_ops, r oid_minmax_ops);
CREATE INDEX g ON t USING hash (f cidr_ops);
CREATE INDEX h ON t (f cidr_ops, r);
