// `replicate advise` from end to end at a tiny budget: the answer, its files, a second call that trains nothing, and that
// the commands it ends with are the runs it names; and what it refuses.

import Foundation
import Testing

@Suite struct AdviseCommandTests {
  /// A text of about 60 kB that no document of repeats.
  private static let text: String = {
    let words = [
      "river", "stone", "house", "winter", "bread", "garden", "lamp", "road", "letter", "bird", "song", "boat",
    ]
    var state: UInt64 = 1
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    return (0..<700).map { _ in
      (0..<4).map { _ in "the \(words[next(12)]) of the \(words[next(12)]) keeps a \(words[next(12)])." }
        .joined(separator: " ") + "\n"
    }.joined(separator: "\n")
  }()

  private static let tiny = ["--budget", "0.2", "--width", "8", "--layers", "1", "--epochs", "20", "--splits", "3"]

  @Test func anAnswerIsGivenStoredListedAndNotTrainedTwice() throws {
    let workspace = try Workspace(Workspace.configuration(learningRate: "1e-2"))
    try workspace.write("book.txt", Self.text)
    let first = try workspace.start(["advise", "book.txt", "--name", "mine", "--json"] + Self.tiny).finish()
    #expect(first.status == 0, "\(first.errors)")
    let record = first.json
    #expect(record["claim"] as? String == "mine")
    let advice = try #require(record["advice"] as? [String: Any])
    #expect((advice["judgement"] as? [String: Any])?["choice"] as? String == "ar")
    #expect((advice["scale"] as? [String: Any])?["splits"] as? Int == 3)
    for file in ["verdict.json", "data.csv", "figure.json", "report.html", "mine.svg", "pace.json"] {
      #expect(workspace.exists("results/mine/\(file)"), "\(file)")
    }

    // Asked again, it plans the same runs, which are there: what the plan took from the clock is kept.
    let measured = try workspace.read("results/mine/pace.json")
    #expect(measured.contains("\"preparation\":"))
    let again = try workspace.start(["advise", "book.txt", "--name", "mine"] + Self.tiny).finish()
    #expect(again.status == 0)
    #expect(again.words.contains((record["sentence"] as? String) ?? "?"))
    #expect(!again.errors.contains("finished:"), "\(again.errors)")
    #expect(!again.errors.contains("so far"), "\(again.errors)")
    #expect(again.errors.contains("the usual time), less what is stored of it"), "\(again.errors)")

    #expect(try workspace.read("results/mine/pace.json") == measured)

    // What nobody can have measured is measured anew, and said.
    for nonsense in ["-1", "0", "1e300"] {
      let changed = measured.replacing(/"pace":[0-9.]+/, with: "\"pace\":\(nonsense)")
      #expect(changed != measured)
      try workspace.write("results/mine/pace.json", changed)
      let anew = try workspace.start(["advise", "book.txt", "--name", "mine", "--budget", "0.1", "--splits", "3"])
        .finish()
      #expect(anew.errors.contains("note: results/mine/pace.json is damaged, so the pace is measured anew"))
    }
    // Another text under the name, and a size that no such budget is for.
    try workspace.write("other.txt", Self.text + "one line more\n")
    for (options, words) in [
      (["other.txt", "--splits", "3"], "note: mine has an answer about book.txt as it was then"),
      (
        ["book.txt", "--width", "4000", "--unique-tokens", "900000"],
        "give a smaller --width, --layers, --epochs or --unique-tokens"
      ),
      (["book.txt", "--unique-tokens", "900000"], "note: --unique-tokens 900000: a split has "),
      (["book.txt", "--set", "training.batch=64"], "or more, or a smaller training.batch"),
    ] {
      let asked = try workspace.start(["advise", "--name", "mine", "--budget", "0.1"] + options).finish()
      #expect(asked.status == 64 && asked.errors.contains(words), "\(asked.errors)")
    }
    try workspace.write("results/mine/pace.json", measured)

    let list = try workspace.run("list").words
    #expect(list.contains("Advice: mine: On a sample of book.txt") && !list.contains("also judged"))
    for command in ["check", "status", "plan"] {
      let unknown = try workspace.start([command, "mine"]).finish()
      #expect(unknown.status == 64)
      #expect(unknown.errors.contains("mine is an answer of `replicate advise`"), "\(unknown.errors)")
    }
    let page = try workspace.run("report")
    #expect(page.status == 0)
    let html = try workspace.read("results/report.html")
    #expect(html.contains("<section id=\"mine\">") && html.contains("What to do next"))
    #expect(try workspace.run("doctor").status == 0)

    // The first command plans the run that the second one samples from.
    let commands = try #require(advice["commands"] as? [[String: String]]).compactMap { $0["line"] }
    let early = try workspace.run("sample", "0123456789abcdef")
    #expect(early.status == 64 && early.errors.contains("the `replicate train` that goes with it"), "\(early.errors)")
    let train = try workspace.start(Array(commands[0].split(separator: " ").map(String.init).dropFirst()) + ["--json"])
      .finish()
    #expect(train.status == 0, "\(train.errors)")
    let hash = try #require(train.json["hash"] as? String)
    #expect(commands[1].hasPrefix("replicate sample \(hash) "))
    #expect(commands[2].contains("results/runs/\(hash)"))
    #expect(
      try workspace.start(Array(commands[1].split(separator: " ").map(String.init).dropFirst())).finish().status == 0)
  }

  /// A plan far beyond the budget is not begun, and the budget that is named is a number of minutes.
  @Test func aBudgetFarTooSmallIsRefusedWithOneThatIsEnough() throws {
    let workspace = try Workspace()
    try workspace.write("book.txt", Self.text)
    let refused = try workspace.start(["advise", "book.txt", "--name", "mine", "--budget", "0.1"]).finish()
    #expect(refused.status == 64)
    let line = refused.errorLines.last ?? ""
    let match = try #require(line.firstMatch(of: /replicate: --budget 0.1: the least .* give --budget (\d+) or more/))
    #expect(try #require(Int(match.1)) >= 1)
    #expect(!workspace.exists("results/mine/pace.json"), "nothing was begun")
  }

  @Test func tooLittleTextIsRefusedWithWhatIsNeeded() throws {
    let workspace = try Workspace()
    try workspace.write("small.txt", String(Self.text.prefix(5000)))
    let result = try workspace.start(["advise", "small.txt"] + Self.tiny).finish()
    #expect(result.status == 65)
    let line = result.errorLines.last ?? ""
    #expect(line.hasPrefix("replicate: 5.0 kB of text is too little to advise on: "), "\(line)")
    #expect(line.contains("; give ") && line.hasSuffix(" or more of the same kind"), "\(line)")
  }

  @Test(arguments: [
    (["--budget", "0"], "Error: --budget 0.0: give a number of minutes from 0.1 to 10000"),
    (["--name", "crossover"], "Error: --name crossover: use lower-case letters"),
    (["--name", "../x"], "Error: --name ../x: use lower-case letters"),
    (["--splits", "2"], "Error: --splits 2: give a number from 3 to 8"),
    (["--set", "training.ensemble=2"], "training.ensemble: an advice is about single models; leave it out, and"),
    (["--set", "training.epochs=3"], "Error: --set training.epochs: the plan decides it; give --epochs"),
  ])
  func whatCannotBeAskedIsRefused(_ arguments: [String], _ expected: String) throws {
    let result = try Workspace().start(["advise", "book.txt"] + arguments).finish()
    #expect(result.status == 64)
    #expect(result.errors.contains(expected), "\(result.errors)")
  }
}
