import Glibc

extension DatabaseBackup {
  /// Restores a backup in one transaction: all of it, or nothing is changed.
  ///
  /// A database that holds tables is refused unless `replacing` says that everything in its schema
  /// goes. `closing` are statements that belong to it, run before the commit. Throws
  /// ``BackupError``, ``ClusterError`` and ``PostgresError``.
  package func restore(
    from path: String, replacing: Bool, closing: String = "",
    shouldStop: @escaping () -> Bool = { false }
  ) throws {
    guard unsafe access(path, R_OK) == 0 else { throw Self.fileError(path, "reading") }
    try check(path, shownAs: path, shouldStop)
    let tables = try tableCount()
    guard tables == 0 || replacing else {
      throw BackupError.notEmpty(database: settings.database ?? "", tables: tables)
    }
    try replace(from: path, closing: closing, shouldStop)
  }

  /// Tables outside PostgreSQL's own schemas; partitions count with their parent.
  private func tableCount() throws(PostgresError) -> Int {
    try Connection(settings).query(
      """
      select count(*) from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where relkind in ('r', 'p') and not relispartition
        and nspname !~ '^pg_' and nspname <> 'information_schema'
      """
    ).single().value(at: 0)
  }

  /// Deletes and restores in one transaction of `psql`.
  ///
  /// `pg_restore --clean` drops only what the backup knows, so it fails where a newer schema has
  /// tables that hang on them. The commit is the last word and follows only a backup that was read
  /// to its end; without it everything is rolled back. (`\.` ends a COPY that was cut.) All words
  /// that are not fixed reach the shell as arguments.
  private func replace(
    from path: String, closing: String, _ shouldStop: @escaping () -> Bool
  ) throws {
    let script = """
      { printf '%s\\n' 'begin;' "$1"
        if "$2" --no-owner --no-privileges --file=- -- "$3"
        then printf '%s\\n' 'reset search_path;' "$6" 'commit;'
        else printf '%s\\n' '' '\\.' 'do $$ begin raise exception $q$pg_restore failed$q$; end $$;'
        fi
      } | "$4" --no-psqlrc --quiet --no-password --output=/dev/null --file=- \
        --set=ON_ERROR_STOP=1 --dbname="$5"
      """
    do {
      // It is not asked to end: the shell would, and leave the others at work.
      try run(
        "psql", in: ["sh", "-c", script, "sh"],
        [
          Self.deletion, programs.path("pg_restore"), path, programs.path("psql"),
          settings.keywordString, closing,
        ], { false })
    } catch BackupError.programFailed where shouldStop() {
      // Ctrl-C has reached them as well.
      throw BackupError.stopped
    }
  }

  /// Drops what the current schema holds but the members of extensions.
  private static let deletion = """
    set client_min_messages = warning;
    do $$ declare found record; begin
      for found in
        select c.oid::regclass as name, case c.relkind when 'v' then 'view'
          when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end as kind
        from pg_class c where c.relnamespace = current_schema()::regnamespace
          and c.relkind in ('r', 'p', 'v', 'm', 'S') and not c.relispartition
          and not exists (
            select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
              and (d.deptype = 'e' or c.relkind = 'S' and d.deptype in ('a', 'i')))
      loop
        if to_regclass(found.name::text) is not null then
          execute format('drop %s %s cascade', found.kind, found.name);
        end if;
      end loop;
      for found in
        select p.oid from pg_proc p
        where p.pronamespace = current_schema()::regnamespace
          and not exists (
            select from pg_depend d
            where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
      loop
        if exists (select from pg_proc p where p.oid = found.oid) then
          execute format('drop routine %s cascade', found.oid::regprocedure);
        end if;
      end loop;
    end $$;
    """
}
