import Foundation
import HTTPDaemon

/// A folder of certificates made by openssl(1), and clients that are not ours.
final class TLSFixture: Sendable {
  struct Failure: Error { let output: String }

  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "ligature-tls-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func files(_ name: String) -> TLSFiles {
    TLSFiles(certificate: "\(folder)/\(name).pem", key: "\(folder)/\(name).key")
  }

  /// A self-signed certificate of 127.0.0.1 with a serial number.
  @discardableResult func make(_ name: String, serial: Int, rsa: Bool = false) throws -> TLSFiles {
    let files = files(name)
    let key = rsa ? ["rsa:2048"] : ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    try Self.run(
      "/usr/bin/openssl",
      ["req", "-x509", "-newkey"] + key + [
        "-nodes", "-keyout", files.key, "-out", files.certificate, "-days", "2", "-subj",
        "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-set_serial", "\(serial)",
      ])
    return files
  }

  /// Puts another certificate and key where these are.
  func replace(_ files: TLSFiles, by other: TLSFiles) throws {
    for (old, new) in [(files.certificate, other.certificate), (files.key, other.key)] {
      try Data(contentsOf: URL(fileURLWithPath: new)).write(to: URL(fileURLWithPath: old))
    }
  }

  @discardableResult
  static func run(_ program: String, _ arguments: [String], isGood: Bool = true) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    guard (process.terminationStatus == 0) == isGood else { throw Failure(output: text) }
    return text
  }
}

/// Python's client: one connection that stays, and new ones, each asked for "/".
final class PythonTLSClient: @unchecked Sendable {
  // Used by one thread at a time.
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  private static let program = """
    import http.client, ssl, sys
    port, files = int(sys.argv[1]), sys.argv[2:]
    context = ssl.create_default_context()
    for file in files: context.load_verify_locations(file)
    def connect():
        return http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)
    def ask(connection):
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
        certificate = connection.sock.getpeercert()
        print(int(certificate["serialNumber"], 16), answer.status, connection.sock.version(),
              flush=True)
    kept = connect()
    for line in sys.stdin:
        ask(kept if line == "kept\\n" else connect())
    """

  init(port: UInt16, trusting files: [TLSFiles]) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = ["-c", Self.program, "\(port)"] + files.map(\.certificate)
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  /// Asks over the "kept" connection or a "new" one: serial number, status, TLS version.
  func ask(_ connection: String) throws -> String {
    try input.fileHandleForWriting.write(contentsOf: Data((connection + "\n").utf8))
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let piece = output.fileHandleForReading.availableData
      if piece.isEmpty { break }
      line += piece
    }
    return String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
