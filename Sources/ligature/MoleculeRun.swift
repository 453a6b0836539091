import Dispatch
import Foundation
import Records
import Synchronization

/// Converts a file: reads batches, converts their pieces on several threads, writes them in order.
struct MoleculeRun {
  /// Molecules in one piece of work.
  private static let pieceSize = 128
  /// Pieces for each thread between two writes.
  private static let piecesPerThread = 16
  /// Bytes of input between two writes, but for the record that exceeds them.
  private static let batchBytes = 64 << 20

  let source: MoleculeSource
  let conversion: MoleculeConversion
  let threads: Int
  let isStrict: Bool
  let output: ReplacedFile
  let rejects: RejectsFile

  /// Converts everything and puts the output in its place.
  ///
  /// - Returns: how many molecules were written, and how many of them lost cis and trans; nil when
  ///   it was asked to stop before the end.
  /// - Throws: ``RecordsError`` where a file cannot be read or written, and for the first bad record
  ///   in strict work.
  func convert(
    shouldStop: () -> Bool, progress: (Int, Double?) -> Void
  ) throws -> (molecules: Int, unplaced: Int)? {
    try output.write(conversion.header)
    var molecules = 0
    var unplaced = 0
    while true {
      var inputs: [MoleculeInput] = []
      let limit = Self.pieceSize * Self.piecesPerThread * threads
      inputs.reserveCapacity(limit)
      var bytes = 0
      while inputs.count < limit, bytes < Self.batchBytes, let input = try source.next() {
        bytes += input.byteCount
        inputs.append(input)
      }
      if inputs.isEmpty { break }
      for piece in pieces(of: inputs) {
        for reject in piece.rejects {
          if isStrict { throw RecordsError.refused(reject) }
          try rejects.append(reject)
        }
        try output.write(piece.bytes)
        molecules += piece.molecules
        unplaced += piece.unplaced
      }
      if shouldStop() { return nil }
      progress(molecules, source.share)
    }
    try output.finish()
    return (molecules, unplaced)
  }

  private func pieces(of inputs: [MoleculeInput]) -> [MoleculeConversion.Piece] {
    let ranges = stride(from: 0, to: inputs.count, by: Self.pieceSize).map {
      $0..<min($0 + Self.pieceSize, inputs.count)
    }
    let conversion = conversion
    guard threads > 1, ranges.count > 1 else {
      return ranges.map { conversion.convert(inputs[$0]) }
    }
    let queue = PieceQueue(count: ranges.count)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while let place = queue.take() {
        queue.store(conversion.convert(inputs[ranges[place]]), at: place)
      }
    }
    return queue.finished
  }
}

/// Hands out the places of a batch and keeps what came of each.
private final class PieceQueue: Sendable {
  private struct State {
    var next = 0
    var pieces: [MoleculeConversion.Piece?]
  }

  private let state: Mutex<State>

  init(count: Int) {
    state = Mutex(State(pieces: Array(repeating: nil, count: count)))
  }

  /// The next place to work on; nil when all are taken.
  func take() -> Int? {
    state.withLock { state in
      guard state.next < state.pieces.count else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  func store(_ piece: MoleculeConversion.Piece, at place: Int) {
    state.withLock { $0.pieces[place] = piece }
  }

  /// The pieces in order, once every place is stored.
  var finished: [MoleculeConversion.Piece] { state.withLock { $0.pieces.compactMap(\.self) } }
}
