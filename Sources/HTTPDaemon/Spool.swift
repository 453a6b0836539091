import Dispatch

/// Makes the files of large bodies and writes to them on a thread that may block.
struct Spool: Sendable {
  /// Makes an empty file.
  let create: @Sendable () throws(SpoolError) -> BodyFile
  /// One disk, one queue.
  private let queue = DispatchQueue(label: "ligature.spool")
  /// Inflating a whole body takes long: blocks of others do not wait for it, nor small bodies for large.
  private let completions = (
    small: DispatchQueue(label: "ligature.spool.small"),
    large: DispatchQueue(label: "ligature.spool.large")
  )

  init(create: @escaping @Sendable () throws(SpoolError) -> BodyFile) {
    self.create = create
  }

  /// Writes a block behind the file's end, or into a new one, then calls back.
  func write(
    _ block: [UInt8], to file: BodyFile?,
    completed: @escaping @Sendable (Result<BodyFile, SpoolError>) -> Void
  ) {
    queue.async { [create] in
      completed(
        Result { () throws(SpoolError) in
          let target: BodyFile
          if let file { target = file } else { target = try create() }
          try target.append(block)
          return target
        })
    }
  }

  /// Puts a whole body that may need disk into its request.
  func complete(
    _ body: IncomingBody, _ request: HTTPRequest
  ) async throws(BodyProblem) -> HTTPRequest {
    let result = await withCheckedContinuation { continuation in
      (body.isLarge ? completions.large : completions.small).async { [create] in
        continuation.resume(
          returning: Result { () throws(BodyProblem) in
            try body.completed(request, spool: create)
          })
      }
    }
    return try result.get()
  }
}
