/// A PostgreSQL data type by its object identifier (`pg_type.dat` of the PostgreSQL source).
package struct PostgresType: Sendable, Hashable, CustomStringConvertible {
  package let oid: UInt32

  /// For parameters only: the server takes the type that the statement expects there.
  package static let toldByServer = Self(oid: 0)
  package static let bool = Self(oid: 16)
  package static let bytea = Self(oid: 17)
  package static let char = Self(oid: 18)
  package static let name = Self(oid: 19)
  package static let int8 = Self(oid: 20)
  package static let int2 = Self(oid: 21)
  package static let int4 = Self(oid: 23)
  package static let text = Self(oid: 25)
  package static let json = Self(oid: 114)
  package static let float4 = Self(oid: 700)
  package static let float8 = Self(oid: 701)
  package static let byteaArray = Self(oid: 1001)
  package static let textArray = Self(oid: 1009)
  package static let int8Array = Self(oid: 1016)
  package static let bpchar = Self(oid: 1042)
  package static let varchar = Self(oid: 1043)
  package static let timestamptz = Self(oid: 1184)
  package static let jsonb = Self(oid: 3802)

  private static let names: [Self: String] = [
    bool: "boolean", bytea: "bytea", char: "\"char\"", name: "name", int8: "bigint",
    int2: "smallint", int4: "integer", text: "text", json: "json", float4: "real",
    float8: "double precision", byteaArray: "bytea[]", textArray: "text[]", int8Array: "bigint[]",
    bpchar: "character",
    varchar: "character varying", timestamptz: "timestamp with time zone",
    jsonb: "jsonb",
  ]

  /// The SQL name of a type that Ligature uses, else the number.
  package var description: String { Self.names[self] ?? "type \(oid)" }
}
