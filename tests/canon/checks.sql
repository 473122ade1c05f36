price > 0

price >= 0 AND price <= 100.5 AND quantity <> 3

(price > 0 AND (quantity > 0 AND big > 0)) OR done

label = 'x'

label IN ('a', 'b')

label NOT IN ('a', 'b', 'c')

label = ANY (ARRAY['a', 'b'])

state IN ('sad', 'ok')

state = 'sad'

state <> ALL (ARRAY['sad'::public.mood, 'ok'])

quantity IN (1, 2, 3)

quantity IN (1)

price IN (1, 2.5)

big IN (1, 20000000000)

title IN ('a')

quantity BETWEEN 1 AND 10

quantity NOT BETWEEN -1 AND 10

price BETWEEN SYMMETRIC 1 AND 2

day BETWEEN '2020-01-01' AND DATE '2021-01-01'

label LIKE 'a%'

title NOT LIKE '%b' AND title ILIKE '_x' AND label NOT ILIKE 'q'

title LIKE 'a!%' ESCAPE '!'

title SIMILAR TO '(a|b)*'

title ~ '^[a-z]+$' AND label !~* 'x'

quantity IS DISTINCT FROM big

label IS NOT DISTINCT FROM 'x'

length(label) > 3 AND char_length(title) < 10

lower(label) = lower(title)

upper(label) = 'X' OR trim(title) = '' OR trim(both 'x' from title) <> 'y'

substring(title from 1 for 3) = 'abc' AND substring(title, 2) <> '' AND position('x' in title) > 0 AND overlay(title placing 'x' from 2) <> ''

extract(year from day) > 2000 AND date_part('month', at) < 13

at > '2020-01-01' AND seen > '2020-01-01 10:00:00+00' AND seen < '2030-01-01T00:00:00Z'

seen > at AND day < at

took > interval '1 hour' AND took < '30 days' AND took <> '1 week'

at + interval '1 day' > at AND seen - interval '5 minutes' < seen

data ->> 'a' = 'b' AND data -> 'a' ->> 'c' IS NOT NULL AND data #>> '{a,b}' <> ''

data @> '{"b": 1,  "a": [1,2]}' AND data ? 'x'

jsonb_typeof(data) = 'object' AND (data ->> 'n')::int > 3

code = 'abc' AND code <> title

done IS TRUE AND done = true AND NOT done AND done IS NOT UNKNOWN

CASE WHEN quantity > 0 THEN true ELSE false END

CASE state WHEN 'sad' THEN 1 WHEN 'ok' THEN 2 END > 1

CASE WHEN done THEN label ELSE 'none' END <> ''

CASE label WHEN 'a' THEN title WHEN 'b' THEN label END IS NULL

COALESCE(label, 'x') <> 'y' AND COALESCE(title, label, '') <> '' AND COALESCE(price, 0) >= 0 AND NULLIF(label, '') IS NOT NULL

GREATEST(quantity, 0) >= LEAST(big, 5)

labels @> ARRAY['a']::varchar[] AND labels[1] = 'x' AND 'y' = ANY (labels) AND array_length(labels, 1) > 2 AND cardinality(labels) < 5

ident <> '00000000-0000-0000-0000-00000000000A'

CAST(quantity AS text) = '1' AND quantity::text || 'x' <> title AND label || '-' || quantity <> ''

weight > 1 AND weight < 1.5 AND size > 1 AND size < 2.5 AND size <> '3.5'

quantity > -1 AND quantity <> '-5' AND big > -1 AND price > -1 AND price <> -1.5

quantity + 1 > big * 2 AND quantity % 2 = 0 AND -quantity < 0 AND quantity / 2.0 > 1 AND abs(quantity) > 1 AND round(price, 1) > 1

(quantity, big) = (1, 2)

(quantity, big) < (1, 2)

num_nonnulls(label, title, price) = 1

mail ~ '@' AND mail <> 'x' AND lower(mail) = mail

during && tstzrange('2020-01-01', '2021-01-01') AND NOT isempty(during) AND lower(during) > '2020-01-01' AND during @> '2020-06-01'::timestamptz

seen > CURRENT_TIMESTAMP AND day = CURRENT_DATE AND title = CURRENT_USER AND at < LOCALTIMESTAMP

seen AT TIME ZONE 'UTC' > at AND timezone('UTC', seen) > at

title COLLATE "C" < 'x' AND title COLLATE pg_catalog."C" > 'a'

label::text = 'x'::text AND label::varchar = 'y' AND title::varchar(10) = 'z' AND title::varchar = 'q'

search @@ to_tsquery('english', 'x') AND search @@ plainto_tsquery('y') AND to_tsvector('simple', title) @@ 'z'

public.half(quantity) > 1 AND public.half(quantity, 3) > 1 AND public.half('4') > 2

make_interval(days => quantity) > took AND concat(label, ' ', quantity) <> '' AND format('%s-%s', label, 1) <> ''

regexp_replace(title, 'a', 'b', 'g') <> '' AND split_part(label, ',', 1) = 'x' AND title = 'it''s' AND title <> E'a\\b\n'

date_trunc('day', seen) = seen AND to_char(day, 'YYYY') = '2020' AND age(at) > '1 year' AND seen::date = '2020-01-01'

(data ->> 'a')::boolean AND (data -> 'x')::text <> 'null' AND quantity::bigint > 5 AND '5'::bigint > quantity AND price::int > 3

quantity = ANY ('{1,2,3}') AND title = ANY ('{a,b}'::text[]) AND title ~~ ANY (ARRAY['a%', 'b%'])
