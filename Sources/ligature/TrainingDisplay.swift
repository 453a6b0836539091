import Alignment
import Foundation

/// Turns training events into a progress bar and lines.
final class TrainingDisplay {
  private let progress = ProgressDisplay()
  private let start = ContinuousClock.now

  func show(_ event: TrainingEvent) {
    switch event {
    case .stage(let stage, let share):
      progress.update(share: share, label: label(stage), detail: "")
    case .stageFinished(let stage, let seconds):
      progress.line("\(label(stage)) done in \(formatted(seconds: seconds))")
    case .dataRead(let pairs, let dev, let pool, let rejected, let file):
      progress.line("\(pairs) pairs, \(dev) dev pairs, \(pool) molecules in the pool")
      if let file { progress.line("\(rejected) bad rows left out, listed in \(file)") }
    case .step(let step):
      let done = Double(step.epoch - 1) + Double(step.step) / Double(step.steps)
      let mrr = step.devMRR.map { String(format: "dev MRR %.3f  ", $0) } ?? ""
      progress.update(
        share: done / Double(step.epochs), label: "epoch \(step.epoch)/\(step.epochs)",
        detail: String(format: "loss %.3f  ", step.loss) + mrr
          + String(format: "%.0f pairs/s  ", step.pairsPerSecond)
          + "\(formatted(seconds: step.secondsLeft)) left")
    case .epoch(let epoch):
      for (block, experts) in (epoch.experts ?? []).enumerated() {
        progress.line(
          String(
            format:
              "epoch %3d  block %d  entropy %.3f (%.3f–%.3f, %.0f %% in band)  temperature %.3f"
              + "  max violation %.2f  dead %d",
            epoch.epoch, block + 1, experts.entropy, experts.lowestEntropy,
            experts.highestEntropy, 100 * experts.shareInBand, experts.temperature,
            experts.maximumViolation, experts.deadExperts))
      }
      guard let dev = epoch.dev else { return }
      progress.line(
        String(
          format: "epoch %3d  loss %.3f  dev MRR %.3f  hits@1 %.3f  hits@10 %.3f  %.0f pairs/s",
          epoch.epoch, epoch.loss, dev.textToMolecule.mrr, dev.textToMolecule.hitsAt1,
          dev.textToMolecule.hitsAt10, epoch.pairsPerSecond))
    case .resumed(let epoch):
      progress.line("continuing after epoch \(epoch)")
    case .stoppedEarly(let epoch):
      progress.line("stopped after epoch \(epoch): the dev MRR no longer rises")
    }
  }

  func finish(_ evaluation: Evaluation, destination: String) {
    progress.line(
      "\(destination): dev MRR "
        + String(format: "%.3f", evaluation.textToMolecule.mrr)
        + " over \(evaluation.candidates) candidates, in "
        + formatted(seconds: (.now - start) / .seconds(1)))
  }

  private func label(_ stage: TrainingStage) -> String {
    switch stage {
    case .reading: "reading files"
    case .moleculeView: "molecule view"
    case .structureView: "structure view"
    case .textView: "text view"
    case .ridgeViews: "ridge views"
    case .subwords: "sub-words"
    case .knowledge: "knowledge"
    case .projecting: "projecting"
    }
  }
}
