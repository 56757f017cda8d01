-- Lists of a rung, and by rung, in the order in which people were last seen: a million of them is no
-- reason to sort. The tables of models carry their version in their names.
do $$
declare
  tab text;
begin
  for tab in
    select relname from pg_class
    where relkind = 'r' and relname ~ '^relationship_[0-9]+$' and relnamespace = current_schema()::regnamespace
  loop
    execute format('drop index if exists %I, %I', tab || '_standing', tab || '_recent');
    execute format('create index %I on %I (kind, rung desc, last_active_hour desc, health, party_id)',
      tab || '_standing', tab);
    execute format('create index %I on %I (kind, last_active_hour desc, health, party_id)',
      tab || '_recent', tab);
  end loop;
end $$;
