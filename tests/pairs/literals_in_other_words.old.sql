CREATE TABLE rooms (number integer PRIMARY KEY, beds int4range DEFAULT '[1,5]', open daterange DEFAULT '[2020-01-01,2020-12-31]',
    floors int4multirange DEFAULT '{[1,5],[6,9]}', tags text[] DEFAULT '{ "a", b c }', kind "char" DEFAULT 'abc', odd numrange DEFAULT '[1.5, 2]',
    CONSTRAINT small CHECK (beds <@ '[0,9]' AND tags <> '{"x"}'));
CREATE INDEX by_beds ON rooms USING gist (beds) WHERE beds && '[2,3]';
