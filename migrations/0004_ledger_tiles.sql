-- The root over a full tile's hashes stands beside them: the partial tile of the level above is these roots, as the partial tile of level 0 is the
-- leaf column. Tiles are written when they fill up and never again.
alter table register.ledger_tile add column root bytea not null;

-- Checkpoints of one origin; after a restore under a new one, a size may come again.
alter table register.ledger_checkpoint add column origin text collate "C" not null;
alter table register.ledger_checkpoint drop constraint ledger_checkpoint_pkey;
alter table register.ledger_checkpoint add primary key (origin, size);

-- The tiles of a log that was written before there were any.
do $$
declare
    tiles bigint := (select size / 256 from register.log_head);
    level_ smallint := 0;
    row_ record;
    nodes bytea[];
begin
    while tiles > 0 loop
        for row_ in select n from generate_series(0, tiles - 1) as t (n) loop
            if level_ = 0 then
                select array_agg(leaf order by position) into nodes from register.ledger_entry where position > row_.n * 256 and position <= row_.n * 256 + 256;
            else
                select array_agg(root order by index) into nodes from register.ledger_tile where level = level_ - 1 and index >= row_.n * 256 and index < row_.n * 256 + 256;
            end if;
            insert into register.ledger_tile (level, index, hashes, root)
            select level_, row_.n, (select string_agg(h, ''::bytea order by i) from unnest(nodes) with ordinality as u (h, i)), ''::bytea;
            while array_length(nodes, 1) > 1 loop
                select array_agg(sha256('\x01'::bytea || nodes[2 * i - 1] || nodes[2 * i]) order by i) into nodes from generate_series(1, array_length(nodes, 1) / 2) as g (i);
            end loop;
            update register.ledger_tile set root = nodes[1] where level = level_ and index = row_.n;
        end loop;
        level_ := level_ + 1;
        tiles := tiles / 256;
    end loop;
end $$;

create trigger only_ever_added_to before update or delete or truncate on register.ledger_tile
    for each statement execute function register.refuse_change();
alter table register.ledger_tile enable always trigger only_ever_added_to;

create trigger only_ever_added_to before update or delete or truncate on register.ledger_checkpoint
    for each statement execute function register.refuse_change();
alter table register.ledger_checkpoint enable always trigger only_ever_added_to;
