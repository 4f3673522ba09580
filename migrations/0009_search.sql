-- Words of the texts that events carry, by event: where search looks first. An answer is read from the records themselves, so what stands
-- here decides only what is found, never what is shown. Filled behind the log by one of the hosts; a search reads the events that are younger
-- than its progress itself.
create table register.search_words (
    position bigint           not null primary key,
    stream   text collate "C" not null,
    words    tsvector         not null, -- with how much of their text each makes up (weights A to D)
    day      date -- of the event in the world: of records that answer equally well the newest are read
);
-- Inserted one by one, words cost PostgreSQL several times what it takes to sort many of them in together. A search reads what waits:
-- so many kB at most.
create index search_words_by_word on register.search_words using gin (words) with (fastupdate = on, gin_pending_list_limit = 256);

-- How far the index has come is the progress of the daemon's subscription search-words (register.mt_event_progression), moved with the words.
create table register.search_index (
    definition integer not null check (definition > 0), -- of how words are made; a host with a newer one begins again
    only_one   boolean not null default true primary key check (only_one)
);
insert into register.search_index (definition) values (1);

-- Keeps the index of one definition until the end of the transaction. A host whose program makes words otherwise adds none to it.
create function register.search_index_is(made_by integer) returns void language plpgsql as $$
begin
    perform 1 from register.search_index where definition = made_by for share;
    if not found then
        raise exception 'The index of words was made by another program''s definition' using errcode = 'object_not_in_prerequisite_state';
    end if;
end $$;

-- What a folded word is found by: itself and its stems in French, English and Arabic. A word of grammar is found by nothing. What begins
-- with = is a code. PostgreSQL's Arabic stemmer leaves another stem with the article than without; so an Arabic word is found without the
-- article and what is written together with it, and without the endings of feminine and plural, too.
create function register.search_lexemes(word text) returns text[] language sql stable strict parallel safe as $$
    select case
        when word like '=%' then array[word]
        when word = any (array['من', 'في', 'علي', 'الي', 'عن', 'مع', 'او', 'ان', 'هذا', 'هذه', 'التي', 'الذي', 'و', 'ما', 'لا', 'بين', 'ل', 'ب'])
            or '{}' in (ts_lexize('pg_catalog.french_stem', word), ts_lexize('pg_catalog.english_stem', word)) then array[]::text[]
        when word ~ '[ا-ي]' then (
            select array(select distinct lexeme from unnest(array[word, bare, regexp_replace(bare, '(?<=...)(ات|ه|ين|ون)$', '')]
                || ts_lexize('pg_catalog.arabic_stem', word) || ts_lexize('pg_catalog.arabic_stem', bare)) as s (lexeme) where lexeme <> '')
            from (select regexp_replace(word, '^[وف]?(ال|بال|كال|لل)(?=...)', '')) as b (bare))
        else array(select distinct lexeme from unnest(word || ts_lexize('pg_catalog.french_stem', word) || ts_lexize('pg_catalog.english_stem', word)) as s (lexeme) where lexeme <> '')
    end
$$;
