import Foundation
import HTTPDaemon
import Records

/// A request's body as a file that can be read from its beginning, as long as this object lives.
final class UploadedFile: Sendable {
  let path: String
  /// In bytes.
  let size: Int
  /// The body, where the daemon has put it into a file.
  private let body: BodyFile?

  /// Blocks while a body in memory is written.
  init(_ request: HTTPRequest) throws {
    body = request.bodyFile
    if let body {
      (path, size) = (body.path, body.length)
    } else {
      size = request.body.count
      path = NSTemporaryDirectory() + "/ligature-upload-\(UUID().uuidString)"
      let isWritten = FileManager.default.createFile(
        atPath: path, contents: Data(request.body), attributes: [.posixPermissions: 0o600])
      guard isWritten else {
        throw APIError.refused(.insufficientStorage, "There is no room to keep the body.")
      }
    }
  }

  deinit {
    if body == nil { try? FileManager.default.removeItem(atPath: path) }
  }
}

/// The formats of files that can be uploaded.
enum UploadFormat: String, CaseIterable {
  case tsv, csv, ndjson, smi, sdf

  var records: RecordFormat {
    switch self {
    case .tsv: .tsv
    case .csv: .csv
    case .ndjson: .ndjson
    case .smi: .smi
    case .sdf: .sdf
    }
  }

  /// The usual media type first.
  var mediaTypes: [String] {
    switch self {
    case .tsv: ["text/tab-separated-values"]
    case .csv: ["text/csv"]
    case .ndjson: ["application/x-ndjson", "application/jsonl", "application/ndjson"]
    case .smi: ["chemical/x-daylight-smiles"]
    case .sdf: ["chemical/x-mdl-sdfile"]
    }
  }

  /// The format of a media type; nil for one that says nothing of it.
  init?(mediaType: String) {
    let plain = mediaType.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
    guard let format = Self.allCases.first(where: { $0.mediaTypes.contains(plain) }) else {
      return nil
    }
    self = format
  }
}
