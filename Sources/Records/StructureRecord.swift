/// One record of a structure-data file: a molfile and its data items.
public struct StructureRecord: Sendable, Hashable {
  /// One data item.
  public struct Item: Sendable, Hashable {
    /// What stands between `<` and `>`; else the whole header behind its first `>`.
    public let name: String
    /// The lines of the value, joined by `\n`.
    public let value: String

    /// An item of that name.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Which record of the file, from 1.
  public let number: Int
  /// The line on which the record begins, from 1.
  public let line: Int
  /// Where the record begins, in bytes of the uncompressed file.
  public let byteOffset: Int
  /// The molfile, lines ended by `\n`, up to `M  END` or the first data item.
  public let molfile: [UInt8]
  /// The data items in their order.
  public let items: [Item]
  /// Why the record cannot be used; nil for a good one.
  public let problem: RecordProblem?
}
