import Foundation

/// Writes named arrays as one safetensors file.
public enum SafetensorsWriter {
  /// Writes the tensors in the order of their names and forces them to the disk.
  ///
  /// - Throws: ``SafetensorsError`` with the system's words. The caller removes what was begun.
  public static func write(
    _ tensors: [String: StoredTensor], metadata: [String: String] = [:], to path: String
  ) throws(SafetensorsError) {
    let ordered = tensors.sorted { $0.key < $1.key }
    var header = SafetensorsHeader()
    header.metadata = metadata
    var offset = 0
    for (name, tensor) in ordered {
      header.entries[name] = SafetensorsHeader.Entry(
        dtype: tensor.typeName, shape: tensor.shape,
        dataOffsets: [offset, offset + tensor.byteCount])
      offset += tensor.byteCount
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var bytes: [UInt8]
    do {
      bytes = Array(try encoder.encode(header))
    } catch {
      throw SafetensorsError(path: path, reason: .malformedHeader("\(error)"))
    }
    // The first array starts at a multiple of eight bytes.
    bytes += [UInt8](repeating: UInt8(ascii: " "), count: (8 - bytes.count % 8) % 8)

    let file = try TensorFile(path: path, access: .creating)
    try file.write([UInt64(bytes.count).littleEndian])
    try file.write(bytes)
    for (_, tensor) in ordered {
      switch tensor {
      case .float(let matrix): try file.write(matrix.values)
      case .half(let matrix): try file.write(matrix.bits)
      case .signed(let values, _, _): try file.write(values)
      case .unsigned(let values): try file.write(values)
      }
    }
    try file.synchronize()
  }
}
