import Dispatch

/// Makes the files of large bodies and writes to them on a thread that may block.
struct Spool: Sendable {
  /// Makes an empty file.
  let create: @Sendable () throws(SpoolError) -> BodyFile
  /// One disk, one queue.
  private let queue = DispatchQueue(label: "ligature.spool")

  init(create: @escaping @Sendable () throws(SpoolError) -> BodyFile) {
    self.create = create
  }

  /// Writes a block behind the file's end, or into a new one, then calls back.
  func write(
    _ block: [UInt8], to file: BodyFile?,
    completion: @escaping @Sendable (Result<BodyFile, SpoolError>) -> Void
  ) {
    queue.async { [create] in
      completion(
        Result { () throws(SpoolError) in
          let target: BodyFile
          if let file { target = file } else { target = try create() }
          try target.append(block)
          return target
        })
    }
  }
}
