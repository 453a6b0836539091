import Foundation

/// The page that tells people what a checkpoint is, what it was made of and what it is not for.
struct ModelCard {
  /// The checkpoint's name.
  let name: String
  /// The files it was trained on.
  let inputs: [TrainingManifest.Input]
  /// Its settings.
  let configuration: TrainingConfiguration
  /// Training pairs.
  let pairs: Int
  /// How it did on the dev pairs.
  let evaluation: Evaluation
  /// The epoch whose weights are kept.
  let epoch: Int
  /// What is to be said of the data, in Markdown: origin, licence, changes.
  let dataNotes: String?

  /// The page, as Markdown.
  var text: String {
    let files = inputs.map { "- \($0.role): `\($0.name)` (SHA-256 `\($0.sha256)`)" }
    let notes =
      dataNotes?.trimmingCharacters(in: .newlines)
      ?? "Where these files came from is not stated here. The model's licence follows theirs."
    return """
      # \(name)

      A Ligature checkpoint: molecules and texts in one space of \(configuration.outputWidth) \
      dimensions.

      Trained on \(pairs) pairs, seed \(configuration.seed); the weights of epoch \(epoch), the \
      best by dev MRR, are kept, \(precision).

      ## Quality on the dev pairs

      \(evaluation.queries) pairs; texts rank all \(evaluation.candidates) molecules of the pool, \
      molecules rank the \(evaluation.queries) texts; ties against the model. Measured with the \
      weights as they are stored. The dev pairs chose the epoch, so that new texts of the same kind \
      do a little worse, and texts of another kind can do much worse.

      | direction | MRR | Hits@1 | Hits@5 | Hits@10 | mean rank | median rank |
      | --- | --- | --- | --- | --- | --- | --- |
      \(row("text to molecule", evaluation.textToMolecule))
      \(row("molecule to text", evaluation.moleculeToText))

      ## Data

      \(files.joined(separator: "\n"))

      \(notes)

      ## Intended use

      Finding molecules by what a text says of them, texts by a molecule, and neighbours of either, \
      for research, teaching and the curation of collections, by people who check what they find. \
      `ligature search --model <this folder> "selective beta-1 blocker"`

      ## Limits

      - It ranks whatever it is given: the first hit may be wrong, and a score is no probability.
      - It knows texts like those it was trained on, in their language; other wording, names alone, \
      and kinds of molecules that the data lack are found badly.
      - It does not understand negation, doses, quantities or dates.
      - It sees structure, not preparation: no strength, route, purity or mixture.
      - What the data get wrong, leave out or overstate, the model repeats.

      ## Not to be used for

      - Choosing, dosing, changing or stopping a treatment, or any decision about a patient.
      - Clearing a compound as safe, for people, animals or the environment.
      - Concluding from a missing or low-ranked hit that a hazard, interaction or effect is absent.
      - Choosing compounds for their power to harm.
      - Deciding anything about people, by machine or without a specialist's own check.

      """
  }

  private var precision: String {
    switch configuration.storage {
    case .full: "as 32-bit floats beside tables of 16-bit floats"
    case .compact: "rounded to 8 bits beside tables of 8 bits, each row with a scale"
    }
  }

  private func row(_ name: String, _ metrics: RankingMetrics) -> String {
    let shares = [metrics.mrr, metrics.hitsAt1, metrics.hitsAt5, metrics.hitsAt10].map {
      String(format: "%.3f", $0)
    }
    let ranks = [metrics.meanRank, metrics.medianRank].map { String(format: "%.1f", $0) }
    return "| " + ([name] + shares + ranks).joined(separator: " | ") + " |"
  }
}
