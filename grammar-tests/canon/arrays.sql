-- Arrays, and other literals, in other words than the server's.
CREATE TABLE public.t (
    a int[] DEFAULT '{ 1, 2 }',
    b text[] DEFAULT '{ "a" , b c , "x,y", "q\"z", NULL, "null", "" }',
    c text[] DEFAULT '{"a","b"}',
    d int[] DEFAULT '{{1,2},{3,4}}',
    e int[] DEFAULT '[2:3]={1,2}',
    f varchar[] DEFAULT '{"ok",  no}',
    g int[] DEFAULT '{+1, 02}',
    h bool[] DEFAULT '{true,no}',
    i timestamptz[] DEFAULT '{2020-01-01, "2020-01-02 10:00+02"}',
    j interval[] DEFAULT '{1 day, "90 min"}',
    k int4range[] DEFAULT '{"[1,5]"}',
    l numeric[] DEFAULT '{1e3,.5}',
    m int[] DEFAULT '{}',
    n text[] DEFAULT ' { } ',
    o text[] DEFAULT '{a\ b, "c\\d"}',
    p jsonb[] DEFAULT '{"{\"a\":1}"}',
    q uuid[] DEFAULT '{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}',
    s text[] DEFAULT '{"{}"}',
    u text[] DEFAULT '{"äö" , ß}',
    v text[] DEFAULT '[1:2]={a,b}',
    w float8[] DEFAULT '{1.0, 2e3}',
    x bytea[] DEFAULT '{abc}',
    CONSTRAINT k CHECK (b @> '{ "a" }' AND a <> '{1 ,2}')
);
CREATE TABLE public.u (
    a "char" DEFAULT 'abc',
    b "char" DEFAULT 'abc'::"char",
    c "char" DEFAULT '',
    d "char"[] DEFAULT '{abc,d}',
    e jsonpath DEFAULT 'lax $.a[0 to 1] ? (@ > 1).size()',
    f interval DEFAULT '00:00:01.2345675',
    g uuid DEFAULT '{A0EEBC999C0B4EF8BB6D6BB9BD380A11}',
    CONSTRAINT k CHECK (a = 'xyz' AND a <> 'w'::"char")
);
