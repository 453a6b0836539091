import Knowledge
import Testing

struct MentionLinkerTests {
  private let linker = MentionLinker(SmallGraph.graph)

  /// The ids of the mentions, with the words that each stands for.
  private func links(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    return linker.mentions(in: text).map { mention in
      "\(SmallGraph.terms[mention.term].id) "
        + String(decoding: bytes[mention.range], as: UTF8.self)
    }
  }

  @Test(arguments: [
    ("soup", ["K:1 soup"]),
    ("Soup, SOUPS and a carrot.", ["K:1 Soup", "K:1 SOUPS", "K:3 carrot"]),
    // The longest name wins; names of a Greek letter, its name, and any dash are one.
    ("a beta-carrot soup", ["K:2 beta-carrot soup"]),
    ("a β–carrot  soup!", ["K:2 β–carrot  soup"]),
    ("a Β-CARROT BROTH", ["K:2 Β-CARROT BROTH"]),
    ("beta carrot soups", ["K:2 beta carrot soups"]),
    ("carrot soup(2-) here", ["K:6 carrot soup(2-)"]),
    ("carrot soup here", ["K:3 carrot", "K:1 soup"]),
    // Plurals, also of the first word of a name.
    ("assemblies of spoon", ["K:4 assemblies of spoon"]),
    // An abbreviation only as it is spelled.
    ("SPN", ["K:4 SPN"]), ("spn SPNs", []),
    ("", []), ("-", []), ("  \u{00A0}", []), ("carrotsoup", []),
  ])
  func mentionsAreFound(text: String, expected: [String]) {
    #expect(links(text) == expected)
  }

  @Test(arguments: [
    // Inside longer names.
    ("carrot-2-soup", []), ("(2R)-carrot", []), ("N-carrot", []), ("carrot(1-)", []),
    ("2,carrot", []), ("carrot'-soup", []), ("di(carrot)yl", []),
    // On their own.
    ("(carrot)", ["K:3 carrot"]), ("carrot, soup", ["K:3 carrot", "K:1 soup"]),
    ("carrot-derived", ["K:3 carrot"]), ("non-carrot", ["K:3 carrot"]),
    ("the carrot's", ["K:3 carrot"]), ("carrot/soup", ["K:3 carrot", "K:1 soup"]),
    ("carrot- and", ["K:3 carrot"]), ("[carrot];", ["K:3 carrot"]),
    ("«carrot»", ["K:3 carrot"]), ("(“carrot”)", ["K:3 carrot"]), ("5'carrot", []),
    ("\"carrot\".", ["K:3 carrot"]), ("carrot'-", []), ("carrot.", ["K:3 carrot"]),
  ])
  func neighboursDecide(text: String, expected: [String]) {
    #expect(links(text) == expected)
  }

  @Test func rangesCountBytesOfTheOriginal() {
    let text = "ﬁne “β‑carrot soup” é carrot"
    let mentions = linker.mentions(in: text)
    let bytes = Array(text.utf8)
    #expect(
      mentions.map { String(decoding: bytes[$0.range], as: UTF8.self) } == [
        "β‑carrot soup", "carrot",
      ])
  }

  @Test func ambiguousWordsAreNotLinked() {
    let graph = KnowledgeGraph(
      terms: [
        KnowledgeTerm(id: "1", name: "group"), KnowledgeTerm(id: "2", name: "7"),
        KnowledgeTerm(id: "3", name: "In"), KnowledgeTerm(id: "4", name: "CO"),
        KnowledgeTerm(id: "5", name: "methyl group"), KnowledgeTerm(id: "6", name: "--"),
      ], relations: [], edges: [])
    let linker = MentionLinker(graph)
    #expect(linker.nameCount == 2)
    #expect(
      linker.mentions(in: "In 7 groups a methyl group -- co CO").map(\.term) == [4, 3])
  }

  @Test func nameBeatsSynonymAndSpellingBeatsBoth() {
    let graph = KnowledgeGraph(
      terms: [
        KnowledgeTerm(id: "1", name: "stew", synonyms: ["pans"]),
        KnowledgeTerm(id: "2", name: "pan"),
        KnowledgeTerm(id: "3", name: "spice", synonyms: ["stew"]),
      ], relations: [], edges: [])
    let linker = MentionLinker(graph)
    #expect(linker.mentions(in: "stew pan pans Pans").map(\.term) == [0, 1, 0, 0])
  }

  /// Every prefix of a long name is tried from every place: time must stay near the length.
  @Test func repetitiveTextTakesLinearTime() {
    let name = Array(repeating: "pan", count: 100).joined(separator: " ") + " lid"
    let linker = MentionLinker(
      KnowledgeGraph(
        terms: [KnowledgeTerm(id: "1", name: name)], relations: [], edges: []))
    let text = Array(repeating: "pan", count: 4000).joined(separator: " ")
    let start = ContinuousClock.now
    #expect(linker.mentions(in: text).isEmpty)
    #expect(linker.mentions(in: text + " lid").count == 1)
    #expect(.now - start < .seconds(60))
  }
}
