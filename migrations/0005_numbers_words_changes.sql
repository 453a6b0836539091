-- Every decimal number among properties, words of texts of any length, and a change log that keeps
-- its rows when a model is dropped.

-- Numbers -------------------------------------------------------------------------------------

-- What a property says as a number, null for words and for what is beyond a double: the one place
-- of the rule. What is too small for a double is 0, as it is to every reader of decimal numbers.
create or replace function property_number(value text) returns double precision
  language sql immutable strict parallel safe
  return case when octet_length(value) <= 400
      and value ~ '^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,4})?$'
    then case when abs(value::numeric) > 1.7976931348623158e308 then null
      when abs(value::numeric) < 2.5e-324 then 0
      else value::double precision end end;

comment on function property_number is
  'Digits with a point anywhere or none, a sign, an exponent of up to four digits; at most 400 bytes.';

-- A longer name does not fit into an index; rows with one are refused.
create function property_numbers(properties jsonb)
  returns table (name text, value double precision)
  language sql immutable parallel safe
begin atomic
  select p.key, n.number
  from jsonb_each_text(properties) p cross join lateral property_number(p.value) n (number)
  where n.number is not null and octet_length(p.key) <= 1024;
end;

comment on function property_numbers is 'The rows of item_numbers that properties make.';

insert into item_numbers (item_id, name, value)
  select i.id, p.name, p.value
  from items i cross join lateral property_numbers(i.properties) p
  where i.properties <> '{}'
  on conflict (item_id, name) do update set value = excluded.value
    where item_numbers.value <> excluded.value;

-- Words ---------------------------------------------------------------------------------------

-- A character has at most four bytes and is in at most two words, the compound and its part, so
-- that this many stay below the 1 MiB that a tsvector holds.
create function text_words(text text) returns tsvector
  language sql immutable parallel safe
  return to_tsvector('english', left(text, 100000));

comment on function text_words is 'The words of the first 100,000 characters of a text.';

drop index items_text_words;
create index items_text_words on items using gin (text_words(text)) where text is not null;

-- The change log --------------------------------------------------------------------------------

alter table changes
  drop constraint changes_model_id_fkey,
  add constraint changes_model_id_fkey
    foreign key (model_id) references models on delete set null;

comment on column changes.model_id is
  'The model whose embeddings were written; null where only items were, or the model is no more.';
