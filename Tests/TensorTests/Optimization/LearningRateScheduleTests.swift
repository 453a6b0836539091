import Foundation
import Tensor
import Testing

struct LearningRateScheduleTests {
  @Test func warmUpRisesLinearlyToThePeak() {
    let schedule = LearningRateSchedule(peak: 0.8, warmupSteps: 4, totalSteps: 20)
    let rates = (0..<4).map { schedule.rate(at: $0) }
    #expect(zip(rates, [0.2, 0.4, 0.6, 0.8] as [Float]).allSatisfy { abs($0 - $1) < 1e-7 })
  }

  @Test func cosineFallsFromThePeakToZero() {
    let schedule = LearningRateSchedule(peak: 2, warmupSteps: 10, totalSteps: 110)
    for step in 10..<110 {
      let expected = 1 + cos(Double.pi * Double(step - 10) / 100)
      #expect(abs(Double(schedule.rate(at: step)) - expected) < 1e-6)
      #expect(schedule.rate(at: step) > schedule.rate(at: step + 1))
    }
    #expect(abs(schedule.rate(at: 110)) < 1e-6)
    #expect(abs(schedule.rate(at: 100_000)) < 1e-6)
  }

  @Test func withoutWarmUpTheFirstStepIsAtThePeak() {
    #expect(LearningRateSchedule(peak: 3, warmupSteps: 0, totalSteps: 5).rate(at: 0) == 3)
  }

  @Test func warmUpMayFillTheWholeRun() {
    let schedule = LearningRateSchedule(peak: 1, warmupSteps: 5, totalSteps: 5)
    #expect(schedule.rate(at: 4) == 1)
    #expect(schedule.rate(at: 5).isFinite)
  }

  @Test func warmUpLongerThanTheRunTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = LearningRateSchedule(peak: 1, warmupSteps: 6, totalSteps: 5)
    }
  }
}
