import Foundation
import MoEBackbone
import Tensor

/// One step of a large contrastive batch by gradient caching, with the memory it takes.
struct CacheMeasurement {
  let pairs: Int
  let chunk: Int
  private let outputWidth = 512

  func print() {
    let backbone = Backbone(configuration: BackboneConfiguration())
    let shape = backbone.configuration
    var random = RandomSource(seed: 1)
    let projection = random.normal(
      rows: outputWidth, columns: shape.views * shape.width, standardDeviation: 0.05)
    let parameters = ParameterSet(
      backbone.initialParameters(seed: 2).parameters + [
        .init(name: "projection", value: projection, decays: true),
        .init(
          name: "logScale", value: Matrix(rows: 1, columns: 1, values: [2.66]), decays: false),
      ])
    let sides = (0..<2).map { _ in
      random.normal(rows: pairs * shape.views, columns: shape.width, standardDeviation: 1)
    }
    let before = Self.peakMegabytes
    var loss: Float = 0
    let time = milliseconds {
      let result = GradientCache(count: pairs, chunk: chunk).evaluate(parameters) {
        tape, range, weight in
        let rows = Array(range.lowerBound * shape.views..<range.upperBound * shape.views)
        return GradientCache.Encoded(
          embeddings: sides.map { side in
            let output = backbone(
              tape.constant(side.gatheringRows(rows)),
              domains: [Domain](repeating: .default, count: range.count), on: tape,
              state: backbone.initialState, mode: .inference, weights: weight)
            let items = tape.reshaping(
              output.views, rows: range.count, columns: shape.views * shape.width)
            return tape.normalizingRows(tape.linear(items, weight: weight("projection")))
          })
      } loss: { embeddings in
        let contrast = SymmetricContrast(
          embeddings[0], embeddings[1], logScale: parameters["logScale"][0, 0])
        return GradientCache.Loss(
          value: contrast.loss, embeddings: [contrast.first, contrast.second],
          parameters: ["logScale": Matrix(rows: 1, columns: 1, values: [contrast.logScale])])
      }
      loss = result.loss
    }
    Swift.print(
      "\(pairs) pairs in chunks of \(chunk): loss \(loss), \(Int(time)) ms, peak "
        + "\(Self.peakMegabytes) MB (\(before) MB before the step)")
  }

  /// The most memory the process has had resident.
  private static var peakMegabytes: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) / 1024
  }
}
