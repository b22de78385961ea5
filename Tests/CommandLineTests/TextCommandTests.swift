// `replicate crossover --text` and `replicate corpus`: answers about a user's files, and texts that cannot be used.

import Foundation
import Testing

@Suite struct TextCommandTests {
  /// A workspace with one file of prose.
  private func prose(_ configuration: String = Workspace.configuration(), paragraphs: Int = 60) throws -> Workspace {
    let space = try Workspace(configuration)
    try space.write("book.txt", Workspace.prose(paragraphs))
    return space
  }

  @Test func theAnswerIsInPlainWords() throws {
    let space = try prose()
    let result = try space.run("crossover", "--text", "book.txt")
    #expect(result.status == 0, "a question has no failing answer")
    let words = result.words
    #expect(words.contains(/Answer: On this text \(book\.txt, 600 of \d \d{3} unique tokens used, 2 epochs\)/))
    #expect(
      words.contains("neither objective is shown to win: of held-out passages the DLM's last checkpoint continues "))
    #expect(words.contains("How sure: DLM's last − AR's best is "))
    #expect(words.contains("over 2 seeds; two-sided sign-flip p = "))
    #expect(words.contains("Not decided, because an answer needs at least 5 seeds (--seeds 5)"))
    #expect(words.contains("From how many epochs on: AR is at its best after epoch "))
    #expect(words.contains("Each at its best checkpoint: DLM "))
    #expect(
      words.contains(
        "Nothing follows for other scales: these are models of width 8 with 1 layer, trained on 600 tokens"))
    #expect(result.lines.allSatisfy { $0.count <= 80 })

    let folders = try FileManager.default.contentsOfDirectory(atPath: space.file("results")).sorted()
    let folder = try #require(folders.first { $0.hasPrefix("text-") })
    #expect(folders == ["runs", folder])
    #expect(folder.wholeMatch(of: /text-[0-9a-f]{8}/) != nil)
    for name in ["data.csv", "verdict.json", "\(folder).svg", "\(folder).png", "\(folder).gp"] {
      #expect(space.exists("results/\(folder)/\(name)"), "\(name)")
    }
    #expect(!(try space.read("results/runs/\(space.runs()[0])/spec.json")).contains("book"), "paths decide nothing")
  }

  /// The runs belong to the contents: a copy elsewhere trains nothing, a change trains anew.
  @Test func theContentsDecideAndNotThePath() throws {
    let space = try prose()
    let first = try space.run("crossover", "--json", "--text", "book.txt")
    let times = try space.modificationTimes("results/runs")
    try space.write("elsewhere/copy.txt", try space.read("book.txt"))
    let copy = try space.run("crossover", "--json", "--text", "elsewhere")
    #expect(copy.json["records"] as? [String] == first.json["records"] as? [String])
    #expect(copy.json["claim"] as? String == first.json["claim"] as? String)
    #expect(try space.modificationTimes("results/runs") == times)
    #expect(try space.run("plan", "crossover", "--text", "book.txt").output.contains("All 6 runs have ended."))

    try space.write("book.txt", try space.read("book.txt") + "one more line.\n")
    #expect(try space.run("plan", "crossover", "--text", "book.txt").output.contains("\n6 of 6 runs to do"))
    let changed = try space.run("crossover", "--json", "--text", "book.txt")
    #expect(changed.json["claim"] as? String != first.json["claim"] as? String)
  }

  @Test func severalPathsInOneOptionOrSeveral() throws {
    let space = try Workspace()
    for i in 0..<3 { try space.write("notes/\(i).txt", Workspace.prose(20, from: 20 * i)) }
    let one = try space.run("plan", "crossover", "--json", "--text", "notes/0.txt", "notes/1.txt", "notes/2.txt")
    let several = try space.run(
      "plan", "crossover", "--text", "notes/2.txt", "--text", "notes/0.txt", "--text", "notes/1.txt", "--json")
    #expect(one.status == 0, "\(one.errors)")
    #expect(one.output == several.output)
    let run = try #require(one.output.firstMatch(of: /"hash":"([0-9a-f]{16})"/)?.1)
    let done = try space.run(
      "run", String(run), "--text", "notes/0.txt", "--text", "notes/1.txt", "--text", "notes/2.txt")
    #expect(done.output == "\(run)  finished\n", "\(done.errors)")
  }

  @Test func lessTextThanAskedForIsUsedWhole() throws {
    let space = try prose(Workspace.configuration(textTokens: 50_000))
    let result = try space.run("crossover", "--text", "book.txt", "--preset", "smoke")
    #expect(result.status == 0)
    let words = result.words
    let used = try #require(words.firstMatch(of: /all (\d \d{3}) unique tokens used, (\d+) epoch/))
    #expect(words.contains("fewer than the 50 000 asked for; all are used"))
    let tokens = try #require(Double(String(used.1).replacing(" ", with: "")))
    #expect(Double(used.2) == max(1, (1200 / tokens).rounded()))
  }

  @Test func fewerItemsThanAskedFor() throws {
    let space = try prose(Workspace.configuration(items: 4000), paragraphs: 20)
    let result = try space.run("crossover", "--text", "book.txt", "--preset", "smoke", "--json")
    #expect(result.status == 0, "\(result.errors)")
    let items = try #require((result.json["metrics"] as? [String: Double])?["items"])
    #expect(items >= 40 && items < 4000 && items.truncatingRemainder(dividingBy: 4) == 0)
    let remarks = try #require(result.json["remarks"] as? [String])
    #expect(remarks.contains("Its held-out part supplies only \(Int(items)) of 4 000 items, so accuracies are coarser"))
  }

  @Test(arguments: [
    ("nowhere.txt", Int32(74), "nowhere.txt: no such file or directory; check the path"),
    ("empty.txt", 65, "no text in empty.txt; give at least one file with text"),
    (
      "latin1.txt", 65,
      "latin1.txt: not valid UTF-8 at byte 3; convert the file (for example with iconv) or leave it out"
    ),
    ("folder", 65, "no text in folder; give at least one file with text"),
    (
      "line.txt", 65,
      "the text has 1 distinct documents but the held-out split needs 2; give more files, or separate documents in a "
        + "single file by blank lines"
    ),
  ])
  func unusableText(_ path: String, _ status: Int32, _ message: String) throws {
    let space = try Workspace()
    try space.write("empty.txt", " \n\n")
    try space.write("latin1.txt", Data([0x63, 0x61, 0x66, 0xE9, 0x0A]))
    try space.write("folder/.hidden", "text")
    try space.write("line.txt", "too little\n")
    for command in [["crossover", "--text", path], ["plan", "crossover", "--text", path], ["corpus", "text", path]] {
      let result = try space.start(command).finish()
      #expect(result.status == status, "\(command)")
      #expect(result.errorLines.last == "replicate: " + message)
      #expect(result.output.isEmpty)
    }
    #expect(!space.exists("results"))
  }

  @Test func textSmallerThanABatchOrTheItems() throws {
    let batch = try prose(Workspace.configuration(batch: 64)).run("crossover", "--text", "book.txt")
    #expect(batch.status == 65)
    #expect(batch.errors.contains("training sequences, fewer than one batch of 64: give more text or lower `batch`"))
    let items = try prose(Workspace.configuration(items: 400), paragraphs: 5).run("crossover", "--text", "book.txt")
    #expect(items.status == 65)
    #expect(
      items.errors.contains("items, but a comparison needs 40; give more text, or raise `held_out_share` in [text]")
        || items.errors.contains("the held-out part has "), "\(items.errors)")
  }
}

@Suite struct CorpusCommandTests {
  @Test func theWorldToRead() throws {
    let space = try Workspace()
    let result = try space.run("corpus", "world", "--documents", "2", "--items", "1")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("The world corpus, seed 1\n"))
    #expect(result.output.contains("  items in training  none, as it must be\n"))
    #expect(result.output.contains("\n2   ") && !result.output.contains("\n3   "))
    #expect(result.output.contains("\nTask endings: ") && result.output.contains("\nTask knowledge: "))
    #expect(result.lines.count { $0.hasPrefix("    ✓ ") } == 2, "one right answer an item")
    #expect(result.lines.allSatisfy { $0.count <= 80 })
    let other = try space.run("corpus", "world", "--seed", "2", "--quality", "low", "--directions", "forward")
    #expect(other.status == 0 && other.output != result.output)
  }

  @Test func theWorldAsJSON() throws {
    let result = try Workspace().run("corpus", "world", "--json", "--unique-tokens", "900", "--documents", "4")
    let json = result.json
    #expect(
      Set(json.keys) == [
        "corpus", "seed", "unique_tokens", "documents", "shortest", "longest", "vocabulary", "validation_documents",
        "validation_tokens", "items", "items_in_training", "example_documents", "example_items",
      ])
    #expect(json["corpus"] as? String == "world")
    #expect((852...900).contains(json["unique_tokens"] as? Int ?? 0))
    #expect(json["items"] as? [String: Int] == ["endings": 8, "knowledge": 8])
    #expect(json["items_in_training"] as? Int == 0)
    #expect((json["example_documents"] as? [String])?.count == 4)
    let items = try #require((json["example_items"] as? [String: [[String: Any]]])?["knowledge"])
    #expect(items.count == 3)
    #expect(Set(items[0].keys) == ["context", "choices", "answer"])
  }

  @Test func pythonToRead() throws {
    let space = try Workspace()
    let result = try space.run("corpus", "python", "--documents", "2", "--items", "1")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasPrefix("The python corpus, seed 1\n"))
    #expect(result.output.contains("  items in training  none, as it must be\n"))
    #expect(result.output.contains("\n2   │def ") && !result.output.contains("\n3   │"))
    #expect(result.output.contains("\nTask functions: ") && result.output.contains(" → "))
    #expect(!result.output.contains("<end>"))
    let json = try space.run("corpus", "python", "--json", "--unique-tokens", "900", "--items", "2").json
    #expect((852...900).contains(json["unique_tokens"] as? Int ?? 0))
    #expect(json["items"] as? [String: Int] == ["functions": 8])
    let items = try #require(json["example_functions"] as? [[String: Any]])
    #expect(items.count == 2 && Set(items[0].keys) == ["prompt", "solution", "tests"])
  }

  @Test func aTextToRead() throws {
    let space = try Workspace()
    try space.write("book.txt", Workspace.prose(60) + "a tab\there and an escape \u{1B}[31m\n")
    let result = try space.run("corpus", "text", "book.txt", "--items", "2", "--documents", "100")
    #expect(result.status == 0)
    #expect(result.output.contains(/unique tokens      600 of \d \d{3} in the training part\n/))
    #expect(result.output.contains("  text               1 file, "))
    #expect(result.lines.count { $0.hasPrefix("    ✓ ") } == 2)
    #expect(!result.output.contains("\u{1B}"), "nothing reaches the terminal as a command")
    let characters = try space.run(
      "corpus", "text", "book.txt", "--tokenizer", "characters", "--json", "--unique-tokens", "0")
    #expect(characters.status == 0)
    #expect(characters.json["available_tokens"] as? Int == characters.json["unique_tokens"] as? Int)
    #expect((characters.json["vocabulary"] as? Int ?? 0) < 60)
  }

  @Test(arguments: [
    (["world", "--agents", "13"], "corpus field agents is 13; allowed: 12, 14 or 16"),
    (["python", "--unique-tokens", "3"], "corpus field uniqueTokens is 3; allowed: 48 or more"),
    (["world", "--unique-tokens", "3"], "corpus field uniqueTokens is 3; allowed: 48 or more"),
    (["text", "experiments.toml", "--vocabulary", "100"], "corpus field vocabulary is 100; allowed: 259...65536"),
    (
      ["text", "experiments.toml", "--held-out-share", "1"],
      "corpus field heldOutShare is 1.0; allowed: between 0 and 1"
    ),
  ])
  func impossibleSettingsAreUsageErrors(_ arguments: [String], _ message: String) throws {
    let result = try Workspace().start(["corpus"] + arguments).finish()
    #expect(result.status == 64)
    #expect(result.errorLines == ["replicate: " + message])
  }
}
