import Foundation
import HTTPDaemon
import Testing

@Suite struct HTTPServerTLSTests {
  static let handler: HTTPHandler = { request in
    if request.target.rawPath == "/stream" {
      return HTTPResponse(
        contentType: "text/plain",
        stream: HTTPStream { writer in
          for number in 0..<300 { try await writer.write(Array("line \(number)\n".utf8)) }
        })
    }
    let file = request.bodyFile.flatMap { FileManager.default.contents(atPath: $0.path) }
    return HTTPResponse(
      contentType: "application/octet-stream", body: file.map(Array.init) ?? request.body)
  }

  @Test func newConnectionsGetTheNewCertificateAndOldOnesLive() async throws {
    let fixture = try TLSFixture()
    let (old, new) = (try fixture.make("old", serial: 1001), try fixture.make("new", serial: 1002))
    let served = fixture.files("served")
    try fixture.replace(served, by: old)
    try await withServer({ $0.tls = served }, handler: Self.handler) { server in
      let client = try PythonTLSClient(port: server.port, trusting: [old, new])
      let before = try await blocking { [try client.ask("kept"), try client.ask("new")] }
      #expect(before == ["1001 200 TLSv1.3", "1001 200 TLSv1.3"])
      let expiry = server.certificateExpiry ?? 0
      #expect(abs(Double(expiry) - Date().timeIntervalSince1970 - 2 * 86_400) < 600)
      try fixture.replace(served, by: new)
      try server.reloadTLS()
      let after = try await blocking {
        [try client.ask("kept"), try client.ask("new"), try client.ask("kept")]
      }
      #expect(after == ["1001 200 TLSv1.3", "1002 200 TLSv1.3", "1001 200 TLSv1.3"])
    }
  }

  @Test func badFilesAreNamedAndTheOldOnesServeOn() async throws {
    let fixture = try TLSFixture()
    let (good, other) = (try fixture.make("a", serial: 7), try fixture.make("b", serial: 8))
    let served = fixture.files("served")
    try fixture.replace(served, by: good)
    try await withServer({ $0.tls = served }, handler: Self.handler) { server in
      try fixture.replace(
        served, by: TLSFiles(certificate: other.certificate, key: good.key))
      #expect(throws: TLSError.mismatch(certificate: served.certificate, key: served.key)) {
        try server.reloadTLS()
      }
      try fixture.replace(served, by: TLSFiles(certificate: good.key, key: good.key))
      #expect {
        try server.reloadTLS()
      } throws: { error in
        if case TLSError.badCertificate(served.certificate, _) = error { true } else { false }
      }
      try fixture.replace(
        served, by: TLSFiles(certificate: good.certificate, key: good.certificate))
      #expect {
        try server.reloadTLS()
      } throws: { error in
        if case TLSError.badKey(served.key, _) = error { true } else { false }
      }
      try FileManager.default.removeItem(atPath: served.key)
      #expect(throws: TLSError.unreadable(path: served.key, reason: "No such file or directory")) {
        try server.reloadTLS()
      }
      let client = try PythonTLSClient(port: server.port, trusting: [good])
      let answer = try await blocking { try client.ask("new") }
      #expect(answer == "7 200 TLSv1.3")
    }
  }

  @Test func badFilesKeepTheServerFromStarting() throws {
    var configuration = DaemonConfiguration()
    configuration.tls = TLSFiles(certificate: "/nowhere/c", key: "/nowhere/k")
    #expect(
      throws: DaemonError.badTLS(
        .unreadable(path: "/nowhere/c", reason: "No such file or directory"))
    ) { try HTTPServer(configuration: configuration, handler: echo) }
  }

  @Test func withoutTLSThereIsNothingToReload() async throws {
    try await withServer(handler: echo) { server in
      #expect(throws: TLSError.notConfigured) { try server.reloadTLS() }
      #expect(server.certificateExpiry == nil)
    }
  }

  /// The larger upload is suspended again and again while its blocks go into a file.
  @Test(arguments: [90_000, 2_500_000])
  func curlUploadsAndReadsStreams(size: Int) async throws {
    let fixture = try TLSFixture()
    let files = try fixture.make("a", serial: 1, rsa: true)
    let upload = fixture.folder + "/upload"
    let block = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 3) }
    let body = (0..<size / block.count).reduce(into: Data()) { data, _ in
      data.append(contentsOf: block)
    }
    try body.write(to: URL(fileURLWithPath: upload))
    try await withServer(
      {
        $0.tls = files
        $0.maximumBodyBytes = 4 << 20
      }, handler: Self.handler
    ) { server in
      let address = "https://127.0.0.1:\(server.port)"
      let folder = fixture.folder
      let lines = try await blocking {
        let options = ["-sS", "--fail", "--cacert", files.certificate]
        try TLSFixture.run(
          "/usr/bin/curl",
          options + [
            "--tls-max", "1.2", "--data-binary", "@" + upload, "-o", folder + "/back", address,
          ])
        return try TLSFixture.run("/usr/bin/curl", options + [address + "/stream"])
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/back")) == body)
      #expect(lines == (0..<300).map { "line \($0)\n" }.joined())
    }
  }

  @Test(arguments: [("-tls1_1", false), ("-tls1_2", true), ("-tls1_3", true)])
  func oldVersionsAreRefused(version: String, isSpoken: Bool) async throws {
    let fixture = try TLSFixture()
    let files = try fixture.make("a", serial: 1)
    try await withServer({ $0.tls = files }, handler: Self.handler) { server in
      let port = server.port
      let output = try await blocking {
        try TLSFixture.run(
          "/usr/bin/openssl",
          [
            "s_client", "-connect", "127.0.0.1:\(port)", version, "-cipher",
            "DEFAULT@SECLEVEL=0",
          ], isGood: isSpoken)
      }
      #expect(output.contains("BEGIN CERTIFICATE") == isSpoken)
    }
  }

  @Test func plainHTTPIsCutAndNothingLeaks() async throws {
    let fixture = try TLSFixture()
    let files = try fixture.make("a", serial: 1)
    try await withServer({ $0.tls = files }, handler: Self.handler) { server in
      let port = server.port
      let isClosed = try await blocking {
        let client = try RawClient(port: port)
        try client.send(RawClient.get("/"))
        client.finishSending()
        // An alert may come before the end.
        while try client.receive(1) != nil {}
        return true
      }
      #expect(isClosed)
      let client = try PythonTLSClient(port: port, trusting: [files])
      let answer = try await blocking { try client.ask("new") }
      #expect(answer == "1 200 TLSv1.3")
    }
  }
}
