SELECT l.classoid AS classid, l.objoid AS objid, l.objsubid, l.provider, l.label FROM pg_catalog.pg_seclabel l WHERE l.objoid >= 16384
