/// How a body that has arrived becomes a request's body; away from the network thread.
extension IncomingBody {
  /// Puts the whole body into its request, inflated; blocks when it is large.
  func completed(
    _ request: HTTPRequest, spool: () throws(SpoolError) -> BodyFile
  ) throws(BodyProblem) -> HTTPRequest {
    var (request, body) = (request, self)
    if coding == .gzip {
      body = try inflated(spool)
      // They describe what was sent.
      request.headers["Content-Encoding"] = nil
      request.headers["Content-Length"] = nil
    }
    if body.isLarge {
      do throws(SpoolError) { try body.writeRest(spool) } catch { throw .spool(error) }
      request.bodyFile = body.file
    } else {
      request.body = body.bytes
    }
    return request
  }

  /// Moves what is in memory behind the file's end.
  private mutating func writeRest(
    _ spool: () throws(SpoolError) -> BodyFile
  ) throws(SpoolError) {
    let target: BodyFile
    if let file { target = file } else { target = try spool() }
    try target.append(bytes)
    bytes.removeAll(keepingCapacity: true)
    file = target
  }

  private func inflated(
    _ spool: () throws(SpoolError) -> BodyFile
  ) throws(BodyProblem) -> IncomingBody {
    var result = IncomingBody(expected: nil, limit: limit, threshold: threshold)
    let inflater = GzipInflater()
    var offset = 0
    while true {
      let input = try piece(at: offset)
      if input.isEmpty { break }
      offset += input.count
      do throws(InflationFailure<BodyProblem>) {
        try inflater.inflate(input) { (output) throws(BodyProblem) in
          guard result.append(output) else { throw .inflatesBeyond(limit: limit) }
          guard result.hasBlock else { return }
          do throws(SpoolError) { try result.writeRest(spool) } catch { throw .spool(error) }
        }
      } catch {
        switch error {
        case .input(let error): throw .malformed(error)
        case .output(let problem): throw problem
        }
      }
    }
    do throws(GzipError) { try inflater.finish() } catch { throw .malformed(error) }
    return result
  }

  /// The bytes as they came, file first; none at the end.
  private func piece(at offset: Int) throws(BodyProblem) -> [UInt8] {
    let inFile = file?.length ?? 0
    guard let file, offset < inFile else {
      return Array(bytes.dropFirst(offset - inFile).prefix(Self.blockSize))
    }
    do throws(SpoolError) {
      return try file.read(from: offset, count: min(Self.blockSize, inFile - offset))
    } catch {
      throw .spool(error)
    }
  }
}

/// Why a body that has arrived cannot be given to a handler.
enum BodyProblem: Error, Equatable {
  case spool(SpoolError)
  case malformed(GzipError)
  case inflatesBeyond(limit: Int)

  /// 507 or 500, 400 with the byte, 413.
  var response: HTTPResponse {
    switch self {
    case .spool(let error): error.response
    case .malformed(let error):
      ProblemDetails(
        status: .badRequest, detail: "The body is not gzip data.",
        errors: [.init(field: "body", offset: error.offset, detail: error.reason)]
      ).response()
    case .inflatesBeyond(let limit):
      ProblemDetails(
        status: .contentTooLarge,
        detail: "The body inflates to more than the \(limit) bytes that are allowed."
      ).response()
    }
  }
}
