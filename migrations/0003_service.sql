-- Keys of the HTTP API, what was done with them, and answers kept for requests that are repeated.

create table api_keys (
  id bigint generated always as identity primary key,
  name text not null unique check (name <> ''),
  -- The part of the key that finds its row; not secret.
  prefix text not null unique check (prefix ~ '^[0-9a-z]{8,32}$'),
  salt bytea not null check (octet_length(salt) = 16),
  -- SHA-256 of salt and secret. Secrets have 256 random bits, so that a slow hash adds nothing.
  hash bytea not null check (octet_length(hash) = 32),
  scope text not null check (scope in ('read', 'write', 'admin')),
  -- Requests a second in the long run, and how many may come at once; null for the server's.
  rate real check (rate > 0),
  burst integer check (burst > 0),
  -- Requests a day (UTC); null for any number.
  daily_quota bigint check (daily_quota > 0),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  revoked_at timestamptz
);

-- Requests counted for quotas; servers add to it now and then.
create table api_key_usage (
  key_id bigint not null references api_keys on delete cascade,
  day date not null,
  requests bigint not null check (requests >= 0),
  primary key (key_id, day)
);

create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  -- The name of the key, 'anonymous' where none is asked for, or 'command line'.
  actor text not null,
  action text not null,
  target text not null,
  request_id text,
  detail jsonb not null default '{}'
);
create index audit_log_at on audit_log (at);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is only added to' using errcode = 'insufficient_privilege';
end
$$;

create trigger audit_log_is_appended before update or delete or truncate on audit_log
  for each statement execute function refuse_audit_change();

create table idempotent_answers (
  -- The key's name, or 'anonymous'.
  actor text not null,
  idempotency_key text not null check (octet_length(idempotency_key) between 1 and 255),
  operation text not null,
  -- SHA-256 of what was asked.
  request_hash bytea not null check (octet_length(request_hash) = 32),
  -- Null while work of several transactions is not finished; asked again, it goes on where it stopped.
  status integer check (status between 200 and 299),
  headers jsonb not null default '{}' check (jsonb_typeof(headers) = 'object'),
  body bytea,
  created_at timestamptz not null default clock_timestamp(),
  primary key (actor, idempotency_key)
);
create index idempotent_answers_created_at on idempotent_answers (created_at);

-- The answer of work of several transactions, each with its part.
create table idempotent_answer_parts (
  actor text not null,
  idempotency_key text not null,
  number integer not null check (number > 0),
  -- Lines of the request that this part answers.
  lines bigint not null check (lines > 0),
  body bytea not null,
  primary key (actor, idempotency_key, number),
  foreign key (actor, idempotency_key) references idempotent_answers on delete cascade
);

alter table index_jobs add column rows_total bigint check (rows_total >= 0);
comment on column index_jobs.rows_total is
  'Rows of the file, bad ones included; null where they are not counted before they are worked on.';
