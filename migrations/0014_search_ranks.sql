-- The words of an event with how much of their text each makes up (weights A to D), and the day of the event in the world: where more records have a word than
-- are read for one answer, those that answer best are read, and of equals the newest. The host begins the index anew by itself.
alter table register.search_words add column day date;
-- Inserted one by one, words cost PostgreSQL several times what it takes to sort many of them in together. A search reads what waits: so many kB at most.
alter index register.search_words_by_word set (fastupdate = on, gin_pending_list_limit = 256);
