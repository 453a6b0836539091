-- Models, corpora, items, their embeddings, and the progress of indexing.

create table models (
  id          bigint generated always as identity primary key,
  name        text not null unique check (name <> ''),
  checksum    char(64) not null unique check (checksum ~ '^[0-9a-f]{64}$'),
  dimension   integer not null check (dimension between 1 and 16000),
  config      jsonb not null check (jsonb_typeof(config) = 'object'),
  created_at  timestamptz not null default now(),
  unique (id, checksum)
);

comment on table models is 'One checkpoint of the alignment model; a new checkpoint is a new row.';
comment on column models.checksum is 'SHA-256 of the checkpoint, lower-case hexadecimal.';
comment on column models.dimension is 'Length of an embedding, in numbers.';
comment on column models.config is 'The checkpoint''s config.json.';

create table corpora (
  id          bigint generated always as identity primary key,
  name        text not null unique check (name <> ''),
  created_at  timestamptz not null default now()
);

comment on table corpora is 'A named collection of items.';

create table items (
  id          bigint generated always as identity primary key,
  corpus_id   bigint not null references corpora on delete cascade,
  source_id   text not null check (source_id <> ''),
  smiles      text,
  text        text,
  properties  jsonb not null default '{}' check (jsonb_typeof(properties) = 'object'),
  source_sha256  char(64) check (source_sha256 ~ '^[0-9a-f]{64}$'),
  source_line    bigint check (source_line > 0),
  unique (corpus_id, source_id),
  check (smiles is not null or text is not null),
  check ((source_sha256 is null) = (source_line is null))
);

comment on table items is 'A molecule, a text, or a pair of both, as read from a corpus file.';
comment on column items.source_id is 'The item''s id in its file; unique within the corpus.';
comment on column items.smiles is 'The molecule as written in the file; null for a text alone.';
comment on column items.text is 'The description; null for a molecule alone.';
comment on column items.properties is 'The file''s other columns.';
comment on column items.source_sha256 is
  'SHA-256 of the file that the item was last read from; null for an item of no file.';
comment on column items.source_line is
  'The line on which it begins there. A second row of that file with the same id is rejected.';

create table embeddings (
  item_id     bigint not null references items on delete cascade,
  model_id    bigint not null,
  modality    smallint not null check (modality in (1, 2)),
  checksum    char(64) not null,
  vector      bytea not null check (octet_length(vector) > 0 and octet_length(vector) % 2 = 0),
  primary key (model_id, modality, item_id),
  foreign key (model_id, checksum) references models (id, checksum) on delete cascade
);

-- Half-precision noise does not compress; trying would only cost time.
alter table embeddings alter column vector set storage external;

-- Deleting an item looks its embeddings up by item.
create index embeddings_item on embeddings (item_id);

comment on table embeddings is 'The unit vector of one side of an item under one model.';
comment on column embeddings.modality is '1: molecule, from items.smiles. 2: text, from items.text.';
comment on column embeddings.checksum is
  'The model''s checkpoint, repeated so that the foreign key refuses vectors of another one.';
comment on column embeddings.vector is
  '16-bit floats (IEEE 754 binary16), little-endian, models.dimension of them. The writer checks the count.';

create table index_runs (
  id             bigint generated always as identity primary key,
  corpus_id      bigint not null references corpora on delete cascade,
  model_id       bigint not null references models on delete cascade,
  source_path    text not null,
  source_size    bigint not null check (source_size >= 0),
  source_time    timestamptz not null,
  source_sha256  char(64) not null check (source_sha256 ~ '^[0-9a-f]{64}$'),
  lines_done     bigint not null default 0 check (lines_done >= 0),
  rows_indexed   bigint not null default 0 check (rows_indexed >= 0),
  rows_rejected  bigint not null default 0 check (rows_rejected >= 0),
  started_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  finished_at    timestamptz,
  is_current     boolean not null default true,
  unique (corpus_id, model_id, source_sha256)
);

comment on table index_runs is
  'How far a file has been indexed. It advances in the transaction that stores the rows, so a run that was broken off goes on exactly behind the last stored line.';
comment on column index_runs.source_sha256 is
  'SHA-256 of the file; the same file again finds its run, a changed file starts a new one.';
comment on column index_runs.source_time is 'The file''s time of last change.';
comment on column index_runs.lines_done is 'Lines read so far, the header included.';
comment on column index_runs.finished_at is 'When the whole file was done; null until then.';
comment on column index_runs.is_current is
  'False once another file was written to the corpus; this one is then read again from its beginning.';
