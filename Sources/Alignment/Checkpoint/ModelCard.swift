/// The page that tells people what a checkpoint is.
enum ModelCard {
  static func text(
    name: String, inputs: [TrainingManifest.Input], configuration: TrainingConfiguration,
    pairs: Int, evaluation: Evaluation, epoch: Int
  ) -> String {
    let direction = evaluation.textToMolecule
    let files = inputs.map { "- \($0.role): `\($0.name)` (SHA-256 `\($0.sha256)`)" }
    return """
      # \(name)

      A Ligature checkpoint: molecules and texts in one space of \(configuration.outputWidth) \
      dimensions.

      Trained on \(pairs) pairs, seed \(configuration.seed); the weights of epoch \(epoch), the \
      best by dev MRR, are kept.

      ## Quality on the dev pairs

      Text to molecule over \(evaluation.candidates) candidates, \(evaluation.queries) queries, \
      ties against the model.

      | MRR | Hits@1 | Hits@5 | Hits@10 | mean rank | median rank |
      | --- | --- | --- | --- | --- | --- |
      | \(fixed(direction.mrr)) | \(fixed(direction.hitsAt1)) | \(fixed(direction.hitsAt5)) | \
      \(fixed(direction.hitsAt10)) | \(direction.meanRank) | \(direction.medianRank) |

      ## Data

      \(files.joined(separator: "\n"))

      ## Use

      `ligature search --model <this folder> "selective beta-1 blocker"`

      The model ranks; it does not advise. Its licence follows the licences of its data.

      """
  }

  private static func fixed(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded())
    let digits = String(thousandths % 1000)
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
