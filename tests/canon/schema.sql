CREATE TYPE public.mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN public.email AS text CHECK (VALUE ~ '@');
CREATE TABLE public.users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name varchar(100) NOT NULL,
    mail public.email,
    state public.mood DEFAULT 'ok',
    age smallint,
    born date,
    tags text[] DEFAULT '{}',
    extra jsonb,
    code char(3),
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz DEFAULT now()
);
CREATE TABLE public.items (
    id serial PRIMARY KEY,
    user_id bigint REFERENCES public.users,
    title text NOT NULL,
    label varchar(50),
    price numeric(10,2),
    weight real,
    size double precision,
    quantity integer,
    big bigint,
    state public.mood,
    mail public.email,
    during tstzrange,
    labels varchar(20)[],
    day date,
    at timestamp,
    seen timestamptz,
    took interval,
    data jsonb,
    code char(3),
    done boolean,
    ident uuid,
    search tsvector
);
CREATE TABLE public.parts (id integer, item_id integer, name text, position integer);
CREATE FUNCTION public.half(x integer, scale numeric DEFAULT 2) RETURNS numeric LANGUAGE sql AS 'SELECT x / scale';
CREATE FUNCTION public.best(n integer) RETURNS TABLE (id integer, title text) LANGUAGE sql AS 'SELECT id, title FROM public.items LIMIT n';
CREATE FUNCTION public.all_parts() RETURNS SETOF public.parts LANGUAGE sql AS 'SELECT * FROM public.parts';
CREATE VIEW public.active_users AS SELECT u.id, u.name AS who, lower(u.name) AS low FROM public.users u WHERE u.active;
