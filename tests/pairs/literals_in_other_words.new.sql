CREATE TABLE rooms (number integer PRIMARY KEY, beds int4range DEFAULT '(0,6)', open daterange DEFAULT '[2020-01-01,2020-12-30]',
    floors int4multirange DEFAULT '{[5,9],[1,4],(1,2)}', tags text[] DEFAULT '{a,"b  c"}', kind "char" DEFAULT 'b', odd numrange DEFAULT '[1.50, 2]',
    CONSTRAINT small CHECK (beds <@ '[0,10]' AND tags <> '{"x", y}'));
CREATE INDEX by_beds ON rooms USING gist (beds range_ops) WHERE beds && '(1,3]';
