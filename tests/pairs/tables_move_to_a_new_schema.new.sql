CREATE SCHEMA shop;
COMMENT ON SCHEMA shop IS 'what is sold';
-- trueup: renamed from public.orders
CREATE TABLE shop.orders (id integer PRIMARY KEY, note text);
-- trueup: renamed from public.lines
CREATE TABLE shop.order_lines (id integer CONSTRAINT lines_pkey PRIMARY KEY, of integer CONSTRAINT lines_of_fkey REFERENCES shop.orders, price numeric);
CREATE VIEW public.noted AS SELECT id FROM shop.orders WHERE note IS NOT NULL;
