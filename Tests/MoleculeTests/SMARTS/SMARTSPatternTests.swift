import Molecule
import Tensor
import Testing

struct SMARTSPatternTests {
  @Test(arguments: [
    ("", SMARTSError.Reason.empty, 0), ("C(", .unbalancedBranch, 1), ("C)", .unbalancedBranch, 1),
    ("C1CC", .unclosedRing(number: 1), 1), ("C11", .impossibleRing(number: 1), 2),
    ("[C", .unexpectedEnd(expected: "']'"), 2), ("C$", .unexpectedEnd(expected: "an atom"), 2),
    ("[$(C]", .unbalancedBranch, 2),
    ("[C&]", .unexpectedByte(93, expected: "an atom primitive"), 3),
    ("[#200]", .unexpectedByte(93, expected: "an atomic number up to 118"), 5),
    ("C[D{3-1}]", .unexpectedByte(125, expected: "a range such as {2-4}"), 7),
  ])
  func errorsNameReasonAndPlace(_ text: String, reason: SMARTSError.Reason, offset: Int) {
    let error = #expect(throws: SMARTSError.self) { try SMARTSPattern(parsing: text) }
    #expect(error?.reason == reason)
    #expect(error?.offset == offset)
  }

  @Test func nestingIsBounded() {
    let deep = String(repeating: "[$(", count: 200) + "C" + String(repeating: ")]", count: 200)
    let error = #expect(throws: SMARTSError.self) { try SMARTSPattern(parsing: deep) }
    #expect(error?.reason == .tooDeep(limit: SMARTSPattern.maximumDepth))
  }

  @Test func matchesListTargetAtomsInPatternOrder() throws {
    #expect(try matches("O=C", "CC(=O)O") == [[2, 1]])
    #expect(try matches("C-C", "CCC") == [[0, 1], [1, 2]])
    #expect(try matches("C-C", "CCC", isUnique: false).count == 4)
  }

  @Test func componentGroupsAskForFragments() throws {
    #expect(try matches("(C).(O)", "CO").isEmpty)
    #expect(try matches("(C).(O)", "C.O") == [[0, 1]])
    #expect(try matches("(C.O)", "CO") == [[0, 1]])
    #expect(try matches("(C.O)", "C.O").isEmpty)
  }

  @Test func stereoCountsOnlyWhenAsked() throws {
    let right = try SMILESReader.read("C[C@H](N)O")
    let left = try SMILESReader.read("C[C@@H](N)O")
    let pattern = try SMARTSPattern(parsing: "C[C@H](N)O")
    #expect(try pattern.occurs(in: MatchTarget(left)))
    #expect(try pattern.occurs(in: MatchTarget(right), usesStereo: true))
    #expect(try !pattern.occurs(in: MatchTarget(left), usesStereo: true))
    let trans = try SMARTSPattern(parsing: "F/C=C/F")
    #expect(
      try trans.occurs(in: MatchTarget(SMILESReader.read("F/C=C/F")), usesStereo: true))
    #expect(
      try !trans.occurs(in: MatchTarget(SMILESReader.read("F/C=C\\F")), usesStereo: true))
  }

  @Test func limitsAreErrorsAndNeverCutShort() throws {
    let target = MatchTarget(try SMILESReader.read(String(repeating: "C", count: 30)))
    let pattern = try SMARTSPattern(parsing: "CC")
    #expect(throws: MatchError.tooManyMatches(limit: 10)) {
      try pattern.matches(in: target, limits: MatchLimits(matches: 10))
    }
    #expect(throws: MatchError.tooManySteps(limit: 5)) {
      try pattern.matches(in: target, limits: MatchLimits(steps: 5))
    }
  }

  @Test(arguments: [false, true])
  func eachLimitNamesItselfAlsoInsideNestedPatterns(isNested: Bool) throws {
    // A chain of 61 atoms has billions of false starts in a cage of 60.
    let cage = try #require(
      try Golden("perception").rows.first { $0[0] == "buckminsterfullerene" })
    let target = MatchTarget(try SMILESReader.read(cage[1] + ".c1ccccc1"))
    let chain = String(repeating: "c", count: 61)
    let pattern = try SMARTSPattern(parsing: isNested ? "[$(\(chain))]" : chain)
    let start = ContinuousClock.now
    #expect(throws: MatchError.tooMuchTime(limit: .milliseconds(20))) {
      try pattern.matches(
        in: target, limits: MatchLimits(steps: Int.max, time: .milliseconds(20)))
    }
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(throws: MatchError.tooManySteps(limit: 10_000)) {
      try pattern.matches(in: target, limits: MatchLimits(steps: 10_000, time: nil))
    }
    #expect(MatchError.tooMuchTime(limit: .milliseconds(20)).description.contains("0.02 seconds"))
  }

  @Test func mutatedPatternsNeverTrap() throws {
    var random = RandomSource(seed: 11)
    let seeds = ["[$([CX3](=[OX1])[OX2H])]", "[C;!$(C=O),#7{2-3}]", "C1=,#C@C~1", "(C.C).[D{1-3}]"]
    let letters = Array("CNO[]()$!&,;:123#-=~@/\\{}RrXxvHD.+*acn%".utf8)
    let target = MatchTarget(try SMILESReader.read("CC(=O)Oc1ccccc1C(=O)O"))
    for _ in 0..<20_000 {
      var text = Array(seeds[Int(random.next() % 4)].utf8)
      for _ in 0...Int(random.next() % 4) {
        text[Int(random.next() % UInt64(text.count))] =
          letters[Int(random.next() % UInt64(letters.count))]
      }
      guard let pattern = try? SMARTSPattern(parsing: String(decoding: text, as: UTF8.self)) else {
        continue
      }
      _ = try? pattern.matches(in: target, limits: MatchLimits(matches: 1_000, steps: 100_000))
    }
  }

  private func matches(
    _ smarts: String, _ smiles: String, isUnique: Bool = true
  ) throws -> [[Int]] {
    try SMARTSPattern(parsing: smarts)
      .matches(in: MatchTarget(SMILESReader.read(smiles)), isUnique: isUnique)
  }
}
