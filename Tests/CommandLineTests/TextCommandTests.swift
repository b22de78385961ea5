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
    // Found by the name that a person knows.
    #expect(try space.run("list").output.contains(/also judged .*\n.*\ntext-[0-9a-f]{8} +book.txt +ci +inconclusive/))
    #expect(try space.run("list", "--json").results.contains { $0["label"] as? String == "book.txt" })
    #expect(try space.run("report").status == 0)
    #expect(try space.read("results/report.html").contains("book.txt (\(folder))"))
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
    #expect(words.contains("fewer unique training tokens than the 50 000 asked for (`unique_tokens` in [text])"))
    let note = "note: the text has fewer unique training tokens than the 50 000 asked for"
    #expect(result.errors.contains(note), "at once")
    let tokens = try #require(Double(String(used.1).replacing(" ", with: "")))
    #expect(Double(used.2) == max(1, (1200 / tokens).rounded()))
  }

  @Test func fewerItemsThanAskedFor() throws {
    let space = try prose(Workspace.configuration(items: 4000), paragraphs: 50)
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
      "latin1.txt: not UTF-8 at byte 3, perhaps text in an older encoding; convert it from the encoding that it has, "
        + "for example `iconv -f LATIN1 -t UTF-8 FILE > NEW`"
    ),
    (
      "folder", 65,
      "no text in folder (left out: 1 hidden file or directory (folder/.hidden), read where named by path); give at "
        + "least one file with text"
    ),
    ("line.txt", 65, "11 bytes of text are too few to hold a part of them out; give more text"),
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
    let complaint = " sequences, fewer than one batch of 64; raise `unique_tokens` in [text] to 3072, or lower "
    #expect(batch.errors.contains(complaint))
    let items = try prose(Workspace.configuration(items: 400), paragraphs: 5).run("crossover", "--text", "book.txt")
    #expect(items.status == 65)
    #expect(items.errors.contains(" are needed; give at least "), "\(items.errors)")
  }

  /// Whatever `--text` takes up, a command's own words may follow it.
  @Test func aCommandsOwnWordsMayFollowTheText() throws {
    let space = try prose()
    let options = ["--preset", "smoke", "--json", "--text", "book.txt"]
    func run(_ words: String...) throws -> Invocation { try space.start(words).finish() }
    let trained = try space.start(["train"] + options + ["dlm"]).finish()
    #expect(trained.status == 0, "\(trained.errors)")
    let hash = try #require(trained.json["hash"] as? String)
    #expect(try space.start(["train", "dlm"] + options).finish().output == trained.output)
    #expect(try run("sample", "--count", "1", "--text", "book.txt", hash).status == 0)
    #expect(try run("evaluate", "--text", "book.txt", String(hash.prefix(8))).status == 0)
    for command in ["plan", "status"] {
      let before = try space.start([command, "crossover"] + options).finish()
      #expect(before.status == 0, "\(before.errors)")
      #expect(try space.start([command] + options + ["crossover"]).finish().output == before.output)
    }
    for command in ["train", "plan", "run", "sample", "judge"] {
      let none = try run(command, "--text", "book.txt")
      #expect(none.status == 64 && none.errors.hasPrefix("Error: Missing expected argument '<"), "\(none.errors)")
    }
  }

  @Test func patternsChooseAmongTheFiles() throws {
    let space = try Workspace()
    for i in 0..<3 { try space.write("notes/\(i).txt", Workspace.prose(20, from: 20 * i)) }
    try space.write("notes/draft/4.txt", Workspace.prose(20, from: 100))
    try space.write("notes/a.log", Workspace.prose(20, from: 200))
    let named = try space.run("plan", "crossover", "--hashes", "--text", "notes/0.txt", "notes/1.txt", "notes/2.txt")
    let chosen = try space.run(
      "plan", "crossover", "--hashes", "--text", "notes", "--include", "*.txt", "--exclude", "draft")
    #expect(named.status == 0 && chosen.output == named.output, "\(chosen.errors)")
    #expect(chosen.errors.contains("note: left out: 2 by --include or --exclude (notes/a.log, notes/draft)"))
    let corpus = try space.run("corpus", "text", "notes", "--include", "*.txt", "--exclude", "draft", "--json")
    #expect((corpus.json["source"] as? [String: Any])?["files"] as? Int == 3, "\(corpus.errors)")
    let script = try space.start(
      ["submit", "crossover", "--dry-run", "--text", "notes", "--exclude", "draft"], environment: ["PATH": space.path]
    ).finish()
    #expect(script.output.contains(" --text=notes --exclude=draft "), "\(script.errors)")
    let alone = try space.run("crossover", "--include", "*.txt")
    #expect(alone.status == 64 && alone.errors.contains("--text, which is not given"))
  }

  /// What is left out of a directory is said, by every command that reads it.
  @Test func whatIsLeftOutIsSaid() throws {
    let space = try prose()
    try space.write("notes/book.txt", try space.read("book.txt"))
    try space.write("notes/copy.txt", try space.read("book.txt").replacing("\n", with: "\r\n"))
    try space.write("notes/__pycache__/m.pyc", Data([0x61, 0x0D, 0x0D, 0x0A, 0, 0]))
    let said =
      "1 file that is not text (notes/__pycache__/m.pyc: not text: NUL at byte 4); 1 file with the same text "
      + "as another (notes/copy.txt as notes/book.txt)"
    let plan = try space.run("plan", "crossover", "--text", "notes")
    #expect(plan.status == 0 && plan.errors.contains("note: left out: " + said))
    let answer = try space.run("crossover", "--text", "notes", "--preset", "smoke")
    #expect(answer.words.contains("Left out: " + said))
    let corpus = try space.run("corpus", "text", "notes")
    #expect(corpus.words.contains("left out " + said) && corpus.words.contains("held out "))
  }
}

/// `--text -`, of every command.
@Suite struct StandardInputTests {
  @Test func aTextMayBePiped() throws {
    let space = try Workspace()
    try space.write("book.txt", Workspace.prose(60))
    func piped(_ words: String) throws -> Invocation { try space.shell("cat book.txt | \"$REPLICATE\" " + words) }
    let named = try space.run("plan", "crossover", "--hashes", "--preset", "smoke", "--text", "book.txt")
    let hashes = named.output.split(separator: "\n").map(String.init)
    #expect(hashes.count == 3)
    #expect(try piped("plan crossover --hashes --preset smoke --text -").output == named.output)
    #expect(!space.exists("results"), "planning keeps nothing")
    #expect(try piped("corpus text - --json").json["corpus"] as? String == "text")

    let run = try piped("run --preset smoke --text - -- \(hashes[0])")
    #expect(run.output == "\(hashes[0])  finished\n", "\(run.errors)")
    let kept = try #require(run.errors.firstMatch(of: #/kept as (results/texts/[0-9a-f]{16}\.txt), /#)?.1)
    #expect(try space.read(String(kept)) == space.read("book.txt"))

    // Nothing is asked of an empty standard input, and what is finished is not trained again with the kept text.
    let empty = try space.run("crossover", "--preset", "smoke", "--text", "-")
    #expect(empty.status == 65 && empty.errors.contains("no text in standard input"))
    let answer = try piped("crossover --preset smoke --text -")
    #expect(answer.status == 0 && answer.words.contains("On this text (standard input, "), "\(answer.errors)")
    let times = try space.modificationTimes("results/runs")
    let again = try space.run("crossover", "--preset", "smoke", "--text", String(kept))
    #expect(again.status == 0, "\(again.errors)")
    #expect(try piped("judge crossover --preset smoke --text -").status == 0)
    #expect(try piped("status crossover --preset smoke --text -").words.contains("crossover 3 3 "))
    #expect(try space.modificationTimes("results/runs") == times)

    // A stored model finds the kept text by itself, and takes it from standard input again.
    let sample = try space.run("sample", hashes[0], "--count", "1")
    #expect(sample.status == 0, "\(sample.errors)")
    #expect(try piped("sample \(hashes[0]) --count 1 --text -").output == sample.output)
    let evaluated = try space.run("evaluate", hashes[0])
    #expect(try piped("evaluate --text - \(hashes[0])").output == evaluated.output && evaluated.status == 0)
    #expect(try piped("train ar --preset smoke --text -").status == 0)

    let script = try space.shell(
      "cat book.txt | PATH=\(space.path):/usr/bin:/bin \"$REPLICATE\" submit crossover --dry-run --preset ci --text -")
    #expect(script.output.contains(" --text=\(kept) "), "\(script.errors)")
  }

  @Test func whatIsPipedMustBeText() throws {
    let space = try Workspace()
    let zero = try space.shell("\"$REPLICATE\" crossover --preset smoke --text - < /dev/zero")
    #expect(zero.status == 65 && zero.errors.contains("standard input: not text: NUL at byte 0; "))
    let packed = try space.shell("echo text | gzip | \"$REPLICATE\" crossover --preset smoke --text -")
    #expect(packed.errors.contains("standard input: compressed by gzip; unpack it by `gzip -dc FILE > NEW`"))
    let closed = try space.shell("\"$REPLICATE\" crossover --preset smoke --text - <&-")
    #expect(closed.status == 65 && closed.errors.contains("no text in standard input"))
    let directory = try space.shell("\"$REPLICATE\" crossover --preset smoke --text - < /")
    #expect(directory.status == 74 && directory.errors.contains("give the directory as a path"))
    #expect(!space.exists("results"))
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
        "example_tokens",
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
    (["world", "--agents", "13"], "--agents 13: allowed is even numbers in 12...100"),
    (["python", "--unique-tokens", "3"], "--unique-tokens 3: allowed is 48 or more"),
    (["world", "--unique-tokens", "3"], "--unique-tokens 3: allowed is 48 or more"),
    (["text", "experiments.toml", "--vocabulary", "100"], "--vocabulary 100: allowed is 259...65536"),
    (["text", "experiments.toml", "--held-out-share", "1"], "--held-out-share 1.0: allowed is between 0 and 1"),
  ])
  func impossibleSettingsAreUsageErrors(_ arguments: [String], _ message: String) throws {
    let result = try Workspace().start(["corpus"] + arguments).finish()
    #expect(result.status == 64)
    #expect(result.errorLines == ["replicate: " + message])
  }
}
