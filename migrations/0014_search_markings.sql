-- Beside its words each indexed event has the marking and the need-to-know groups that are in force for it now, so that a search takes its
-- candidates from what its reader may see. The follower search-words keeps them. The index is made anew: it can be, from the log.
truncate register.search_words;
alter table register.search_words
    add column marking text   not null check (marking in ('open', 'restricted', 'confidential', 'secret')),
    add column groups  text[] check (cardinality(groups) > 0); -- null: of no group

-- One index for each marking: a search does not read the words of what is marked above its reader, and takes no time for them.
drop index register.search_words_by_word;
create index search_words_open on register.search_words using gin (words)
    with (fastupdate = on, gin_pending_list_limit = 256) where marking = 'open' and groups is null;
create index search_words_restricted on register.search_words using gin (words)
    with (fastupdate = on, gin_pending_list_limit = 256) where marking = 'restricted' and groups is null;
create index search_words_confidential on register.search_words using gin (words)
    with (fastupdate = on, gin_pending_list_limit = 256) where marking = 'confidential' and groups is null;
create index search_words_secret on register.search_words using gin (words)
    with (fastupdate = on, gin_pending_list_limit = 256) where marking = 'secret' and groups is null;
create index search_words_of_groups on register.search_words using gin (words)
    with (fastupdate = on, gin_pending_list_limit = 256) where groups is not null;
