import Foundation

/// Reads named arrays from a safetensors file, one at a time.
///
/// The header is checked whole on opening: known element types, sizes that match shapes, ranges
/// inside the file that neither overlap nor leave gaps.
public struct SafetensorsReader {
  /// Free-form text stored with the tensors.
  public var metadata: [String: String] { header.metadata }
  /// The names of all tensors, sorted.
  public var names: [String] { header.entries.keys.sorted() }

  private let path: String
  private let file: TensorFile
  private let header: SafetensorsHeader
  private let dataStart: Int

  /// Opens a file and checks its header.
  ///
  /// - Throws: ``SafetensorsError``.
  public init(path: String) throws(SafetensorsError) {
    self.path = path
    file = try TensorFile(path: path, access: .reading)
    let total = try file.byteCount()
    let length = UInt64(littleEndian: try file.read(UInt64.self, count: 1, at: 0)[0])
    guard length <= SafetensorsHeader.maximumByteCount else {
      throw SafetensorsError(
        path: path,
        reason: .malformedHeader(
          "length \(length) found, at most \(SafetensorsHeader.maximumByteCount) expected"))
    }
    let bytes = try file.read(UInt8.self, count: Int(length), at: 8)
    do {
      header = try JSONDecoder().decode(SafetensorsHeader.self, from: Data(bytes))
    } catch {
      throw SafetensorsError(path: path, reason: .malformedHeader("\(error)"))
    }
    dataStart = 8 + Int(length)
    try checkEntries(total: total)
  }

  /// The [rows, columns] 32-bit floats of a name.
  ///
  /// - Throws: ``SafetensorsError`` if it is missing, of another type or not two-dimensional.
  public func float(_ name: String) throws(SafetensorsError) -> Matrix {
    let entry = try entry(name, type: "F32", dimensions: 2)
    let values = try file.read(
      Float.self, count: entry.shape[0] * entry.shape[1], at: dataStart + entry.dataOffsets[0])
    return Matrix(rows: entry.shape[0], columns: entry.shape[1], values: values)
  }

  /// The [rows, columns] 16-bit floats of a name.
  ///
  /// - Throws: ``SafetensorsError`` if it is missing, of another type or not two-dimensional.
  public func half(_ name: String) throws(SafetensorsError) -> HalfMatrix {
    let entry = try entry(name, type: "F16", dimensions: 2)
    let bits = try file.read(
      UInt16.self, count: entry.shape[0] * entry.shape[1], at: dataStart + entry.dataOffsets[0])
    return HalfMatrix(rows: entry.shape[0], columns: entry.shape[1], bits: bits)
  }

  /// The [rows, columns] 8-bit rows of a name, with their scales under `name.scale`.
  ///
  /// - Throws: ``SafetensorsError`` if either array is missing, of another type or shape.
  package func byte(_ name: String) throws(SafetensorsError) -> ByteMatrix {
    let entry = try entry(name, type: "I8", dimensions: 2)
    let (rows, columns) = (entry.shape[0], entry.shape[1])
    let scaleName = StoredTensor.scaleName(of: name)
    let scales = try float(scaleName)
    guard scales.rows == rows, scales.columns == 1 else {
      throw SafetensorsError(
        path: path,
        reason: .mismatchedTensor(
          name: scaleName, found: "[\(scales.rows), \(scales.columns)]", expected: "[\(rows), 1]"))
    }
    let values = try file.read(
      Int8.self, count: rows * columns, at: dataStart + entry.dataOffsets[0])
    return ByteMatrix(rows: rows, columns: columns, values: values, scales: scales.values)
  }

  /// The [count] unsigned integers of a name.
  ///
  /// - Throws: ``SafetensorsError`` if it is missing, of another type or not one-dimensional.
  public func unsigned(_ name: String) throws(SafetensorsError) -> [UInt64] {
    let entry = try entry(name, type: "U64", dimensions: 1)
    return try file.read(
      UInt64.self, count: entry.shape[0], at: dataStart + entry.dataOffsets[0])
  }

  private func entry(
    _ name: String, type: String, dimensions: Int
  ) throws(SafetensorsError) -> SafetensorsHeader.Entry {
    let expected = "\(type), \(dimensions) dimensions"
    guard let entry = header.entries[name] else {
      throw SafetensorsError(path: path, reason: .missingTensor(name: name, expected: expected))
    }
    guard entry.dtype == type, entry.shape.count == dimensions else {
      let found = "\(entry.dtype), \(entry.shape.count) dimensions"
      throw SafetensorsError(
        path: path, reason: .mismatchedTensor(name: name, found: found, expected: expected))
    }
    return entry
  }

  private func checkEntries(total: Int) throws(SafetensorsError) {
    var reached = 0
    let ordered = header.entries.sorted {
      $0.value.dataOffsets.lexicographicallyPrecedes($1.value.dataOffsets)
    }
    for (name, entry) in ordered {
      func malformed(_ words: String) -> SafetensorsError {
        SafetensorsError(path: path, reason: .malformedTensor(name: name, words))
      }
      guard let size = SafetensorsHeader.elementSize(of: entry.dtype) else {
        throw malformed("element type '\(entry.dtype)' is unknown")
      }
      var count = 1
      for dimension in entry.shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
        guard dimension >= 0, !overflow else { throw malformed("shape \(entry.shape)") }
        count = product
      }
      let offsets = entry.dataOffsets
      guard offsets.count == 2, offsets[0] == reached, offsets[1] >= offsets[0] else {
        throw malformed("data_offsets \(offsets) found, a start of \(reached) expected")
      }
      let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, offsets[1] - offsets[0] == bytes else {
        throw malformed("\(offsets[1] - offsets[0]) bytes for shape \(entry.shape)")
      }
      let (end, endOverflow) = dataStart.addingReportingOverflow(offsets[1])
      guard !endOverflow else { throw malformed("data_offsets \(offsets)") }
      guard end <= total else {
        throw SafetensorsError(path: path, reason: .truncated(expected: end, found: total))
      }
      reached = offsets[1]
    }
    guard dataStart + reached == total else {
      throw SafetensorsError(
        path: path, reason: .trailingBytes(expected: dataStart + reached, found: total))
    }
  }
}
