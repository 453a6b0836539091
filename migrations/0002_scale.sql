-- Items known by their content, with any number of source ids; descriptors and fingerprints beside
-- them; embeddings in partitions; a queue of chunks; versions that servers follow.

-- Jobs ----------------------------------------------------------------------------------------

create table index_jobs (
  id             bigint generated always as identity primary key,
  corpus_id      bigint not null references corpora on delete cascade,
  model_id       bigint not null references models on delete cascade,
  kind           text not null check (kind in ('file', 'reembed')),
  source_path    text,
  source_size    bigint check (source_size >= 0),
  source_time    timestamptz,
  source_sha256  char(64) check (source_sha256 ~ '^[0-9a-f]{64}$'),
  is_strict      boolean not null default false,
  is_read        boolean not null default false,
  state          text not null default 'reading'
                   check (state in ('reading', 'working', 'done', 'failed', 'cancelled')),
  error          text,
  lines_read     bigint not null default 0 check (lines_read >= 0),
  bytes_read     bigint not null default 0 check (bytes_read >= 0),
  chunks_made    integer not null default 0 check (chunks_made >= 0),
  chunks_done    integer not null default 0 check (chunks_done between 0 and chunks_made),
  rows_indexed   bigint not null default 0 check (rows_indexed >= 0),
  rows_rejected  bigint not null default 0 check (rows_rejected >= 0),
  started_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  finished_at    timestamptz,
  is_current     boolean not null default true,
  check ((kind = 'file') = (source_path is not null)),
  check ((state in ('done', 'failed', 'cancelled')) = (finished_at is not null))
);

create unique index index_jobs_source on index_jobs (corpus_id, model_id, source_sha256)
  where source_sha256 is not null;
create index index_jobs_open on index_jobs (state) where state in ('reading', 'working');

comment on table index_jobs is
  'A file that is being indexed, or a corpus that is being embedded anew. Its reader cuts it into chunks; workers anywhere take them.';
comment on column index_jobs.source_sha256 is
  'SHA-256 of the file; the same file again finds its job, a changed file starts a new one. Null for standard input.';
comment on column index_jobs.lines_read is
  'Lines that are in chunks so far, the header included; a reader that was broken off goes on behind them.';
comment on column index_jobs.state is
  'reading: chunks are still made. working: all are made. done, failed, cancelled: ended.';
comment on column index_jobs.source_size is
  'In bytes; of a corpus that is embedded anew, in items. Null for standard input.';
comment on column index_jobs.bytes_read is
  'How far the reader is, in the unit of source_size.';
comment on column index_jobs.is_read is
  'Whether the reader has come to the end; a job that is retried is then working, else reading.';
comment on column index_jobs.is_current is
  'False once another file was written to the corpus; this one is then read again from its beginning.';

insert into index_jobs
  (corpus_id, model_id, kind, source_path, source_size, source_time, source_sha256, state,
   is_read, lines_read, rows_indexed, rows_rejected, started_at, updated_at, finished_at, is_current)
  select corpus_id, model_id, 'file', source_path, source_size, source_time, source_sha256,
    case when finished_at is null then 'reading' else 'done' end,
    finished_at is not null, lines_done, rows_indexed, rows_rejected, started_at, updated_at, finished_at, is_current
  from index_runs;

drop table index_runs;

-- Items ---------------------------------------------------------------------------------------

create table item_sources (
  corpus_id      bigint not null,
  source_id      text not null check (source_id <> ''),
  item_id        bigint not null references items on delete cascade,
  properties     jsonb check (jsonb_typeof(properties) = 'object'),
  job_id         bigint,
  source_line    bigint check (source_line > 0),
  primary key (corpus_id, source_id),
  check ((job_id is null) = (source_line is null))
);

insert into item_sources (corpus_id, source_id, item_id, job_id, source_line)
  select i.corpus_id, i.source_id, i.id, j.id, case when j.id is not null then i.source_line end
  from items i left join (
    select corpus_id, source_sha256, min(id) as id from index_jobs group by 1, 2
  ) j using (corpus_id, source_sha256);

create index item_sources_item on item_sources (item_id);

comment on table item_sources is 'The rows of files that an item was read from; at least one for each item.';
comment on column item_sources.source_id is 'The row''s id in its file; unique within the corpus.';
comment on column item_sources.properties is
  'The row''s other columns where they are not those of items.properties; else null.';
comment on column item_sources.corpus_id is 'The item''s corpus, whose deletion comes by way of the item.';
comment on column item_sources.job_id is
  'The index_jobs row by which it was last read; null for a row of no file. No foreign key: a look-up for every row would buy nothing.';
comment on column item_sources.source_line is
  'The line on which it begins there. A later row of that job with the same id is rejected.';

alter table items
  drop constraint items_corpus_id_source_id_key,
  drop constraint items_check1,
  drop column source_id,
  drop column source_sha256,
  drop column source_line,
  add column content_key             bytea check (octet_length(content_key) = 16),
  add column molecule_key            bigint,
  add column updated_at              timestamptz not null default now(),
  add column molecular_weight        real,
  add column logp                    real,
  add column polar_surface_area      real,
  add column fraction_sp3            real,
  add column hydrogen_bond_donors    integer,
  add column hydrogen_bond_acceptors integer,
  add column rotatable_bonds         integer,
  add column rings                   integer,
  add column aromatic_rings          integer,
  add column heavy_atoms             integer,
  add column total_charge            integer,
  add column fingerprint             bytea check (octet_length(fingerprint) = 256),
  add column screen                  bytea check (octet_length(screen) = 64);

create unique index items_content on items (corpus_id, content_key);

-- What filters of texts and properties look up. Descriptors, fingerprints and screens are filtered
-- by the columns that a server holds in memory.
create extension if not exists pg_trgm;
create index items_text_contains on items using gin (text gin_trgm_ops) where text is not null;
create index items_text_words on items using gin (to_tsvector('english', text))
  where text is not null;
create index items_properties on items using gin (properties jsonb_path_ops)
  where properties <> '{}';

-- Fingerprints do not compress.
alter table items alter column fingerprint set storage external;
alter table items alter column screen set storage external;

comment on table items is
  'A molecule, a text, or a pair of both. Rows of a corpus with the same canonical molecule and the same text are one item.';
comment on column items.content_key is
  'The first 16 bytes of SHA-256 over canonical SMILES, a zero byte and the text; null until an item of an earlier version is indexed again or ''ligature db check --repair'' has filled it in.';
comment on column items.molecule_key is
  '64 bits of a hash of the canonical SMILES; equal for all spellings of a molecule. Null without a molecule or where content_key is null.';
comment on column items.smiles is 'The molecule as first written; null for a text alone.';
comment on column items.properties is 'The other columns of the first row that the item was read from.';
comment on column items.fingerprint is
  'Morgan fingerprint of radius 2, 2,048 bits; bits 0 to 7 in the first byte, the lowest bit first.';
comment on column items.screen is
  'Substructure screen of 512 bits: a molecule that a pattern matches has every bit of the pattern.';

create table item_numbers (
  item_id  bigint not null references items on delete cascade,
  name     text not null,
  value    double precision not null,
  primary key (item_id, name)
);

create index item_numbers_value on item_numbers (name, value) include (item_id);

-- What a property says as a number, null for words: the one place of the rule.
create function property_number(value text) returns double precision
  language sql immutable strict parallel safe
  return case when value ~ '^[-+]?[0-9]{1,15}(\.[0-9]{1,15})?([eE][-+]?[0-9]{1,2})?$'
    then value::double precision end;

insert into item_numbers (item_id, name, value)
  select id, key, property_number(value)
  from items, jsonb_each_text(properties)
  where property_number(value) is not null;

comment on table item_numbers is 'The properties that are numbers, for filters by range.';

-- Models --------------------------------------------------------------------------------------

alter table models
  add column is_promoted boolean not null default false,
  add column promoted_at timestamptz;

create unique index models_promoted on models (is_promoted) where is_promoted;

comment on column models.is_promoted is
  'The one model that answers where several are loaded; changed in one transaction.';

-- Embeddings ----------------------------------------------------------------------------------

alter table embeddings rename to embeddings_0001;
alter table embeddings_0001 rename constraint embeddings_pkey to embeddings_0001_pkey;
alter index embeddings_item rename to embeddings_0001_item;

create table embeddings (
  item_id   bigint not null references items on delete cascade,
  model_id  bigint not null,
  modality  smallint not null check (modality in (1, 2)),
  checksum  char(64) not null,
  vector    bytea not null check (octet_length(vector) > 0 and octet_length(vector) % 2 = 0),
  code      bytea check (octet_length(code) > 0 and octet_length(code) % 8 = 0),
  primary key (item_id, modality, model_id),
  foreign key (model_id, checksum) references models (id, checksum) on delete cascade
) partition by list (model_id);

comment on table embeddings is
  'The vector of one side of an item under one model. Partitions: by model, then by hash of the item.';
comment on column embeddings.modality is '1: molecule, from items.smiles. 2: text, from items.text.';
comment on column embeddings.checksum is
  'The model''s checkpoint, repeated so that the foreign key refuses vectors of another one.';
comment on column embeddings.vector is
  '16-bit floats (IEEE 754 binary16), little-endian, models.dimension of them. The writer checks the count.';
comment on column embeddings.code is
  'One bit a number of the rotated vector, padded to 64; null until ''ligature db check --repair'' has filled it in.';

-- Makes the partitions of a model; nothing where they are. Called when a model is registered, with
-- the rights of the owner of the tables: a role that may only write rows may call it.
create function add_embedding_partitions(model bigint) returns void
  language plpgsql security definer set search_path from current as $$
declare
  parent text := format('embeddings_m%s', model);
begin
  if to_regclass(format('%I.%I', current_schema(), parent)) is not null then
    return;
  end if;
  execute format(
    'create table %I partition of embeddings for values in (%s) partition by hash (item_id)',
    parent, model);
  for part in 0..7 loop
    execute format(
      'create table %I partition of %I for values with (modulus 8, remainder %s)',
      parent || '_' || part, parent, part);
    -- Half-precision noise does not compress; trying would only cost time.
    execute format(
      'alter table %I alter column vector set storage external, alter column code set storage external',
      parent || '_' || part);
  end loop;
end
$$;

select add_embedding_partitions(id) from models;

insert into embeddings (item_id, model_id, modality, checksum, vector)
  select item_id, model_id, modality, checksum, vector from embeddings_0001;

drop table embeddings_0001;

-- The queue -----------------------------------------------------------------------------------

create table index_chunks (
  job_id         bigint not null references index_jobs on delete cascade,
  number         integer not null check (number > 0),
  payload        bytea not null,
  attempts       integer not null default 0 check (attempts >= 0),
  worker         text,
  leased_until   timestamptz,
  error          text,
  primary key (job_id, number)
);

-- Payloads live for seconds; compressing them would only cost time.
alter table index_chunks alter column payload set storage external;

comment on table index_chunks is
  'Work that is still to be done. A worker takes a chunk with FOR UPDATE SKIP LOCKED under a lease; a chunk goes away in the transaction that stores its rows.';
comment on column index_chunks.payload is 'The chunk''s rows as they were read, so that no worker needs the file.';
comment on column index_chunks.attempts is
  'How often it was taken. The number fences: a worker whose lease ran out and was given on stores nothing.';

create table index_rejects (
  job_id    bigint not null references index_jobs on delete cascade,
  line      bigint not null,
  field     text,
  found     text not null,
  expected  text not null,
  raw       text not null,
  primary key (job_id, line)
);

comment on table index_rejects is 'Rows of a job''s file that were left out, and why.';


-- What servers follow ---------------------------------------------------------------------------

create table database_epoch (
  epoch uuid not null default gen_random_uuid()
);

insert into database_epoch default values;

comment on table database_epoch is
  'One row; another value after a restore. Versions are comparable within an epoch only.';

alter table corpora add column version bigint not null default 0 check (version >= 0);

comment on column corpora.version is
  'Counts committed changes of the corpus. Raised as the last statement of a transaction that writes items or embeddings, so that versions are in the order of commits.';

create table changes (
  corpus_id   bigint not null references corpora on delete cascade,
  version     bigint not null,
  model_id    bigint references models on delete cascade,
  written     bigint[] not null default '{}',
  deleted     bigint[] not null default '{}',
  created_at  timestamptz not null default now(),
  primary key (corpus_id, version)
);

create index changes_age on changes (created_at);

comment on table changes is
  'Which items a version of a corpus wrote or deleted. Old rows are pruned; a server that is further behind loads the corpus anew.';
comment on column changes.model_id is 'The model whose embeddings were written; null where only items were.';

-- The last statement of every transaction that writes items or embeddings: raises the version,
-- says what has changed, and wakes the servers.
create function record_change(
  corpus bigint, model bigint, written bigint[], deleted bigint[]
) returns bigint language plpgsql as $$
declare
  raised bigint;
begin
  update corpora set version = version + 1 where id = corpus returning version into raised;
  if raised is null then
    raise exception 'there is no corpus %', corpus;
  end if;
  insert into changes (corpus_id, version, model_id, written, deleted)
    values (corpus, raised, model, written, deleted);
  perform pg_notify('ligature_changes', corpus || ':' || raised);
  return raised;
end
$$;
