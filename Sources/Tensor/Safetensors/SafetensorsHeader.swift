import Foundation

/// The JSON header of a safetensors file.
///
/// Format: 8 bytes little-endian header length, the header, then the arrays one after another:
/// https://github.com/huggingface/safetensors (section "Format").
struct SafetensorsHeader: Codable {
  struct Entry: Codable {
    var dtype: String
    var shape: [Int]
    var dataOffsets: [Int]

    private enum CodingKeys: String, CodingKey {
      case dtype
      case shape
      case dataOffsets = "data_offsets"
    }
  }

  var entries: [String: Entry] = [:]
  var metadata: [String: String] = [:]

  /// A header larger than this is refused before it is read.
  static let maximumByteCount = 100_000_000

  private static let metadataKey = "__metadata__"

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    for key in container.allKeys {
      if key.stringValue == Self.metadataKey {
        metadata = try container.decode([String: String].self, forKey: key)
      } else {
        entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
      }
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    if !metadata.isEmpty { try container.encode(metadata, forKey: Key(Self.metadataKey)) }
    for (name, entry) in entries { try container.encode(entry, forKey: Key(name)) }
  }

  static func elementSize(of typeName: String) -> Int? {
    switch typeName {
    case "F32", "I32", "U32": 4
    case "F16", "BF16", "I16", "U16": 2
    case "U64", "I64", "F64": 8
    case "U8", "I8", "BOOL": 1
    default: nil
    }
  }
}
