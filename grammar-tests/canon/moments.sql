-- Dates, times and intervals in other words than the server's.
CREATE TABLE public.t (
    a interval minute DEFAULT '90',
    b interval DEFAULT '90'::interval minute,
    c interval(0) DEFAULT '1.5 s',
    d interval DEFAULT 'P1Y2M10DT2H30M',
    e interval DEFAULT '1-2',
    f timestamp DEFAULT '2020-01-05 3:04 PM',
    g date DEFAULT 'Jan 5, 2020',
    h time DEFAULT '12:30am',
    i timestamptz DEFAULT '2020-01-05 10:00:00.5+05:30',
    j date DEFAULT 'infinity',
    k timestamptz DEFAULT 'epoch',
    CONSTRAINT words CHECK (g > 'January 1 2000' AND d < '14 months' AND f <> '2000-01-01T10:00')
);
CREATE VIEW public.spans AS SELECT '90'::interval minute AS a, '1.5 s'::interval(0) AS c, interval '1 month - 1 day' AS d, e FROM public.t WHERE e > '3 4:05:06';
