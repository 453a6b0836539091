-- Vectors of models in the types of the extension pgvector, which this file does without: it is only
-- asked for by 'ligature db vectors enable'.

create table vector_tables (
  model_id          bigint primary key references models on delete cascade,
  type              text not null check (type in ('halfvec', 'vector', 'bit')),
  m                 integer not null check (m between 2 and 100),
  ef_construction   integer not null check (ef_construction between 4 and 1000),
  candidates        integer check (candidates > 0),
  recall_molecules  double precision check (recall_molecules between 0 and 1),
  recall_texts      double precision check (recall_texts between 0 and 1),
  created_at        timestamptz not null default now(),
  built_at          timestamptz,
  check ((candidates is null) = (built_at is null))
);

comment on table vector_tables is
  'Models whose vectors lie in a table vectors_m<id> as well, with an HNSW index for each side. A trigger on the model''s embeddings keeps it as they are.';
comment on column vector_tables.type is
  'halfvec: 16-bit floats. vector: 32-bit floats. bit: embeddings.code, by Hamming distance.';
comment on column vector_tables.m is 'Links of a node of the HNSW graph.';
comment on column vector_tables.ef_construction is 'Nodes that were looked at for a new node''s links.';
comment on column vector_tables.candidates is
  'Items that a search looks at least at before it scores them by embeddings.vector; chosen when the indexes were built.';
comment on column vector_tables.recall_molecules is
  'Recall@10 against exact search with that many, measured then; null without molecules.';
comment on column vector_tables.built_at is 'When the indexes were done; null until then.';

-- The values of embeddings.vector: 16-bit floats (IEEE 754 binary16), little-endian, all finite.
create function half_values(halves bytea) returns real[]
  language sql immutable strict parallel safe
  return (
    select array_agg(
      (case when bits & 32768 = 0 then 1 else -1 end
        * case when bits & 31744 = 0 then (bits & 1023) * 2.0::float8 ^ -24
          else (1024 + (bits & 1023))
            * ('{5.9604644775390625e-08,1.1920928955078125e-07,2.384185791015625e-07,4.76837158203125e-07,9.5367431640625e-07,1.9073486328125e-06,3.814697265625e-06,7.62939453125e-06,1.52587890625e-05,3.0517578125e-05,6.103515625e-05,0.0001220703125,0.000244140625,0.00048828125,0.0009765625,0.001953125,0.00390625,0.0078125,0.015625,0.03125,0.0625,0.125,0.25,0.5,1,2,4,8,16,32}'::float8[])[(bits >> 10) & 31]
          end)::real
      order by place)
    from (
      select place, get_byte(halves, 2 * place) | (get_byte(halves, 2 * place + 1) << 8) as bits
      from generate_series(0, octet_length(halves) / 2 - 1) place
    ) as words);

comment on function half_values is 'The numbers of a vector as they are stored in embeddings.vector.';
