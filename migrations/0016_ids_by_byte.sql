-- Records are read in pages in the order of their ids by byte. With the database's own collation the index of the ids has another order,
-- and each page read and sorted the whole table. New kinds of record need the same; a test says so.
do $$
declare
    document text;
begin
    for document in
        select table_name from information_schema.columns
        where table_schema = 'register' and table_name like 'mt\_doc\_%' and column_name = 'id' and data_type = 'character varying'
    loop
        execute format('alter table register.%I alter column id type character varying collate "C"', document);
    end loop;
end
$$;
