import Foundation
import Postgres
import TestSupport
import Testing

/// `sslmode` and its certificates, against servers with and without TLS.
@Suite struct ConnectionTLSDatabaseTests {
  /// An authority, a server's certificate that it signed, and an authority that did not.
  private struct Certificates {
    let folder: String

    init() throws {
      folder = "/tmp/ligature-tls-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for name in ["right", "wrong"] {
        try openssl([
          "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
          "-days", "2", "-subj", "/CN=\(name) authority", "-keyout", "\(name).key", "-out",
          "\(name).crt",
        ])
      }
      try openssl([
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
        "/CN=localhost", "-keyout", "server.key", "-out", "server.csr",
      ])
      try Data("subjectAltName = DNS:localhost\n".utf8).write(
        to: URL(filePath: folder + "/names.txt"))
      try openssl([
        "x509", "-req", "-in", "server.csr", "-CA", "right.crt", "-CAkey", "right.key",
        "-CAcreateserial", "-days", "2", "-extfile", "names.txt", "-out", "server.crt",
      ])
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    func contents(_ name: String) throws -> Data {
      try Data(contentsOf: URL(filePath: folder + "/" + name))
    }

    private func openssl(_ arguments: [String]) throws {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/openssl")
      process.arguments = arguments
      process.currentDirectoryURL = URL(filePath: folder)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0, "openssl \(arguments[0])")
    }
  }

  @Test func theServersCertificateIsChecked() async throws {
    try await blocking {
      let certificates = try Certificates()
      defer { certificates.remove() }
      let server = try ConfiguredServer(
        settings: ["ssl = on"], rules: ["hostssl all all 127.0.0.1/32 trust"],
        files: [
          "server.crt": certificates.contents("server.crt"),
          "server.key": certificates.contents("server.key"),
        ])
      func settings(_ mode: String, root: String, host: String = "localhost") -> ConnectionSettings
      {
        // The address is stated, so that the name is checked and not looked up.
        server.settings([
          "user": "ligature", "host": host, "hostaddr": "127.0.0.1", "sslmode": mode,
          "sslrootcert": certificates.folder + "/" + root,
        ])
      }
      let connection = try Connection(settings("verify-full", root: "right.crt"))
      let isEncrypted: Bool = try connection.query(
        "select ssl from pg_stat_ssl where pid = pg_backend_pid()"
      ).single().value(at: 0)
      #expect(isEncrypted)

      let wrong = #expect(throws: PostgresError.self) {
        try Connection(settings("verify-full", root: "wrong.crt"))
      }
      #expect(wrong?.advice?.contains("is not trusted") == true)
      #expect(wrong?.advice?.contains("sslrootcert") == true)

      let absent = #expect(throws: PostgresError.self) {
        try Connection(settings("verify-full", root: "absent.crt"))
      }
      #expect(absent?.advice?.contains("certificate to check the server") == true)

      let other = #expect(throws: PostgresError.self) {
        try Connection(settings("verify-full", root: "right.crt", host: "db.example"))
      }
      #expect(other?.advice?.contains("is for another host") == true)
      #expect(throws: Never.self) {
        try Connection(settings("verify-ca", root: "right.crt", host: "db.example"))
      }

      // The rules admit nobody without TLS.
      let plain = #expect(throws: PostgresError.self) {
        try Connection(settings("disable", root: "right.crt"))
      }
      #expect(plain?.sqlState == "28000")
    }
  }

  @Test func tlsThatIsDemandedAndNotOfferedIsRefused() async throws {
    try await blocking {
      let server = try ConfiguredServer(rules: ["host all all 127.0.0.1/32 trust"])
      #expect(throws: Never.self) {
        try Connection(server.settings(["user": "ligature", "sslmode": "prefer"]))
      }
      let error = #expect(throws: PostgresError.self) {
        try Connection(server.settings(["user": "ligature", "sslmode": "require"]))
      }
      #expect(error?.advice?.contains("does not offer TLS") == true)
    }
  }
}
