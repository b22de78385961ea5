// Tests of progress: how things are spelt, and what is written when, on a clock that the test turns.

import Figures
import Synchronization
import Testing
@testable import Running
@testable import Wording

@Suite struct ProgressFormattingTests {
  @Test(arguments: [
    (0, "0.0 s"), (-3, "0.0 s"), (0.44, "0.4 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 00 s"),
    (100, "1 min 40 s"), (3599.6, "1 h 00 min"), (7500, "2 h 05 min"), (86_399, "1 d 0 h"), (273_600, "3 d 4 h"),
    (.infinity, "?"), (.nan, "?"),
  ])
  func durations(_ seconds: Double, _ expected: String) {
    #expect(formatDuration(seconds) == expected)
  }

  @Test(arguments: [
    (0, "0 tokens/s"), (812, "812 tokens/s"), (999.6, "1.0 k tokens/s"), (4120, "4.1 k tokens/s"),
    (9960, "10 k tokens/s"), (41_300, "41 k tokens/s"), (999_700, "1.0 M tokens/s"), (1_230_000, "1.2 M tokens/s"),
    (2e10, "20 G tokens/s"), (.nan, "? tokens/s"),
  ])
  func throughputs(_ rate: Double, _ expected: String) {
    #expect(formatThroughput(rate) == expected)
  }

  @Test func bars() {
    #expect(formatBar(0, width: 12) == "[----------]")
    #expect(formatBar(0.45, width: 12) == "[####------]")
    #expect(formatBar(0.999, width: 12) == "[#########-]")
    #expect(formatBar(1, width: 12) == "[##########]")
    #expect(formatBar(7, width: 4) == "[##]")
    #expect(formatBar(.nan, width: 4) == "[--]")
    #expect(formatPercentage(0.29) == "29 %")
    #expect(formatPercentage(0.999) == "99 %")
    #expect(formatPercentage(1) == "100 %")
  }

  @Test(arguments: [
    (40, "crossover dl… [##---]  56 %   1 min 40 s"),
    (80, "crossover dlm seed 3 [############----------]  56 %   41 k tokens/s   1 min 40 s"),
    (
      120,
      "crossover dlm seed 3 [########################--------------------]  56 %   41 k tokens/s   1 min 40 s  "
        + "acc 0.41        "
    ),
  ])
  func lines(_ width: Int, _ expected: String) {
    let line = ProgressLine(
      name: "crossover dlm seed 3", fraction: 0.56, tokensPerSecond: 41_000, secondsLeft: 100, note: "acc 0.41")
    let text = line.bar(width: width, nameWidth: 20)
    #expect(text == expected)
    #expect(text.count == width)
  }

  @Test(arguments: 1...130)
  func noLineIsWiderThanItsTerminal(_ width: Int) {
    let line = ProgressLine(
      name: "a very long name of a run indeed", fraction: 1, tokensPerSecond: 999_000, secondsLeft: 86_000,
      note: "a note that is rather long")
    #expect(line.bar(width: width, nameWidth: 32).count <= width)
    #expect(ProgressLine(name: "x", fraction: 0).bar(width: width, nameWidth: 32).count <= width)
  }

  @Test func plainLines() {
    #expect(ProgressLine(name: "a", fraction: 0.4).plain == "a: 40 %")
    #expect(
      ProgressLine(name: "a", fraction: 0.4, tokensPerSecond: 41_000, secondsLeft: 100, note: "acc 0.41").plain
        == "a: 40 %, 41 k tokens/s, 1 min 40 s left, acc 0.41")
  }
}

/// A clock that the test turns and a record of what was written.
private final class Stage: Sendable {
  private let state = Mutex((time: 0.0, text: "", size: TerminalSize(columns: 61, rows: 24)))

  func reporter(_ style: ProgressReporter.Style) -> ProgressReporter {
    ProgressReporter(
      style: style, now: { self.state.withLock { $0.time } }, size: { self.state.withLock { $0.size } },
      write: { text in self.state.withLock { $0.text += text } })
  }

  func resize(_ columns: Int, _ rows: Int) {
    state.withLock { $0.size = TerminalSize(columns: columns, rows: rows) }
  }

  func advance(_ seconds: Double) { state.withLock { $0.time += seconds } }

  /// What was written since the last call.
  func written() -> String {
    state.withLock { state in
      defer { state.text = "" }
      return state.text
    }
  }
}

@Suite struct ProgressReporterTests {
  @Test func linesComeOncePerTenth() {
    let stage = Stage()
    let reporter = stage.reporter(.lines)
    reporter.add("a", work: 100)
    reporter.add("b", work: 300)
    reporter.begin("a")
    #expect(stage.written() == "")
    var lines: [String] = []
    for percent in 1...99 {
      stage.advance(2)
      reporter.update("a", fraction: Double(percent) / 100, tokens: percent * 2000)
      let text = stage.written()
      if !text.isEmpty { lines.append(text) }
    }
    #expect(lines.count == 9)
    #expect(
      lines.first
        == "a: 10 %, 1.0 k tokens/s, 3 min 00 s left (total 0/2: 2 %, 1.0 k tokens/s, 13 min 00 s left)\n")
    reporter.update("unknown", fraction: 0.5, tokens: 1)
    reporter.end("a", outcome: "finished, acc 0.52")
    #expect(stage.written().hasPrefix("a: finished, acc 0.52 (total 1/2: "))
    reporter.log("a word")
    #expect(stage.written() == "a word\n")
  }

  /// What is stopped has not ended.
  @Test func aStoppedRunCountsAsWhatItHasDone() {
    let stage = Stage()
    let reporter = stage.reporter(.lines)
    for name in ["a", "b"] {
      reporter.add(name, work: 1)
      reporter.begin(name)
      stage.advance(1)
      reporter.update(name, fraction: 0.25, tokens: 10)
    }
    _ = stage.written()
    reporter.stop("a", outcome: "stopped")
    #expect(stage.written().hasPrefix("a: stopped (total 0/2: 25 %"))
    reporter.end("b", outcome: "finished")
    #expect(stage.written().hasPrefix("b: finished (total 1/2: "))
  }

  /// A run of 100 s has a line every 15 s at most, a short one none but that of its end.
  @Test func linesAreNoCloserThanFifteenSeconds() {
    let stage = Stage()
    let reporter = stage.reporter(.lines)
    for name in ["short", "long"] {
      reporter.add(name, work: 1)
      reporter.begin(name)
    }
    for percent in 1...99 {
      stage.advance(0.125)
      reporter.update("short", fraction: Double(percent) / 100, tokens: percent)
    }
    #expect(stage.written() == "")
    reporter.end("short", outcome: "finished")
    #expect(stage.written().hasPrefix("short: finished (total 1/2"))

    stage.advance(2.625)
    reporter.update("long", fraction: 0.09, tokens: 9)
    #expect(stage.written() == "", "after 15 s, but not a tenth")
    var lines: [(second: Int, text: String)] = []
    for second in 16...100 {
      stage.advance(1)
      reporter.update("long", fraction: Double(second) / 101, tokens: second)
      let text = stage.written()
      if !text.isEmpty { lines.append((second, text)) }
    }
    #expect(lines.map(\.second) == [16, 31, 46, 61, 76, 91])
  }

  @Test func resumedRunsCountOnlyWhatIsDoneNow() {
    let stage = Stage()
    let reporter = stage.reporter(.lines)
    reporter.add("a", work: 10)
    reporter.begin("a", fraction: 0.5, tokens: 500_000)
    stage.advance(100)
    reporter.update("a", fraction: 0.6, tokens: 600_000, note: "acc 0.3")
    #expect(
      stage.written() == "a: 60 %, 1.0 k tokens/s, 6 min 40 s left, acc 0.3 "
        + "(total 0/1: 60 %, 1.0 k tokens/s, 6 min 40 s left)\n")
  }

  @Test func theTotalWaitsForTheSlowestRun() {
    let stage = Stage()
    let reporter = stage.reporter(.lines)
    for name in ["fast", "slow"] {
      reporter.add(name, work: 100)
      reporter.begin(name)
    }
    stage.advance(20)
    reporter.update("slow", fraction: 0.01, tokens: 20)
    reporter.update("fast", fraction: 0.9, tokens: 1800)
    #expect(stage.written().hasSuffix("(total 0/2: 45 %, 91 tokens/s, 33 min 00 s left)\n"))
    // A run that breaks off takes its remaining work along.
    reporter.end("slow", outcome: "diverged")
    #expect(stage.written() == "slow: diverged (total 1/2: 90 %, 90 tokens/s, 2.2 s left)\n")
  }

  @Test func barsAreRedrawnInPlace() {
    let stage = Stage()
    let reporter = stage.reporter(.bars)
    reporter.add("a", work: 1)
    reporter.add("b", work: 1)
    reporter.begin("a")
    #expect(
      stage.written() == """
        a         [-------------]   0 %                             
        total 0/2 [-------------]   0 %                             

        """)
    stage.advance(0.05)
    reporter.update("a", fraction: 0.1, tokens: 100)
    #expect(stage.written() == "", "drawn too often")
    stage.advance(0.95)
    reporter.update("a", fraction: 0.5, tokens: 500)
    #expect(
      stage.written() == "\u{1B}[2A\u{1B}[J" + """
        a         [######-------]  50 %    500 tokens/s        1.0 s
        total 0/2 [###----------]  25 %    500 tokens/s        3.0 s

        """)
    reporter.end("a", outcome: "finished")
    let text = stage.written()
    #expect(text.hasPrefix("\u{1B}[2A\u{1B}[Ja: finished\ntotal 1/2 ["))
    reporter.log("a word")
    #expect(stage.written().hasPrefix("\u{1B}[1A\u{1B}[Ja word\ntotal 1/2 ["))
    reporter.finish()
    #expect(stage.written() == "\u{1B}[1A\u{1B}[J")
    reporter.finish()
    #expect(stage.written() == "")
  }

  /// What scrolls out of a terminal at its top cannot be erased: there are never more lines than rows above the cursor's.
  @Test(arguments: [(4, 3), (3, 2), (2, 1), (1, 1), (7, 6), (8, 7), (24, 7)])
  func noMoreBarsThanRows(_ rows: Int, _ lines: Int) {
    let stage = Stage()
    stage.resize(80, rows)
    let reporter = stage.reporter(.bars)
    for run in 1...6 { reporter.add("run \(run)", work: 1) }
    for run in 1...6 { reporter.begin("run \(run)") }
    let drawn = stage.written().components(separatedBy: "\u{1B}[J").last?.split(separator: "\n") ?? []
    #expect(drawn.count == lines)
    #expect(drawn.last?.hasPrefix("total 0/6") == true)
    let shown = drawn.count { $0.hasPrefix("run ") }
    #expect(lines < 2 || shown == 6 || drawn[drawn.count - 2] == "… and \(6 - shown) more at work")
    stage.advance(1)
    reporter.update("run 1", fraction: 0.5, tokens: 10)
    #expect(stage.written().hasPrefix("\u{1B}[\(lines)A\u{1B}[J"))
  }

  /// Nothing wraps, however narrow the terminal and however wide the characters.
  @Test(arguments: 1...30) func narrowTerminals(_ columns: Int) {
    let stage = Stage()
    stage.resize(columns, 24)
    let reporter = stage.reporter(.bars)
    for name in ["红楼梦红楼梦红楼梦", "a", "e\u{301}e\u{301}e\u{301}"] {
      reporter.add(name, work: 1)
      reporter.begin(name)
    }
    let lines = stage.written().components(separatedBy: "\u{1B}[J").last?.split(separator: "\n") ?? []
    #expect(!lines.isEmpty && lines.allSatisfy { displayWidth(String($0)) <= max(1, columns - 1) })
  }

  @Test(
    arguments: [
      (true, "xterm", 24, .bars), (true, "xterm", nil, .bars), (true, "xterm", 1, .lines), (true, "dumb", 24, .lines),
      (true, "", 24, .lines), (true, nil, 24, .lines), (false, "xterm", 24, .lines),
    ] as [(Bool, String?, Int?, ProgressReporter.Style)])
  func barsNeedATerminalThatCanMoveItsCursor(
    _ isTerminal: Bool, _ terminal: String?, _ rows: Int?, _ style: ProgressReporter.Style
  ) {
    #expect(ProgressReporter.Style.suiting(isTerminal: isTerminal, terminal: terminal, rows: rows) == style)
  }

  /// Names and notes come from configurations and files; nothing of them is a command to the terminal.
  @Test(arguments: [ProgressReporter.Style.bars, .lines]) func namesAreNoCommands(_ style: ProgressReporter.Style) {
    let stage = Stage()
    stage.resize(200, 24)
    let reporter = stage.reporter(style)
    let hostile = "\u{1B}]0;x\u{7}\u{9B}31m\u{202E}\r"
    reporter.add(hostile, work: 1)
    reporter.begin(hostile)
    stage.advance(20)
    reporter.update(hostile, fraction: 0.5, tokens: 10, note: hostile)
    reporter.log(hostile)
    reporter.end(hostile, outcome: hostile)
    let text = stage.written().replacing(/\u{1B}\[\d+A\u{1B}\[J/, with: "")
    let commands = text.unicodeScalars.filter { $0 != "\n" && oneLine(String($0)) != String($0) }
    #expect(commands.isEmpty && text.contains("\\u{1B}]0;x\\u{07}"), "\(text.debugDescription)")
  }

  @Test func silenceIsSilent() {
    let stage = Stage()
    let reporter = stage.reporter(.silent)
    reporter.add("a", work: 1)
    reporter.begin("a")
    reporter.update("a", fraction: 0.5, tokens: 1)
    reporter.log("x")
    reporter.end("a", outcome: "finished")
    reporter.finish()
    #expect(stage.written() == "")
  }

  @Test func manyThreadsMayReport() throws {
    let stage = Stage()
    let reporter = stage.reporter(.lines)
    for run in 0..<8 { reporter.add("run \(run)", work: 1) }
    _ = try runInParallel(Array(0..<8), workers: 4) { run in
      reporter.begin("run \(run)")
      for step in 1...100 { reporter.update("run \(run)", fraction: Double(step) / 100, tokens: step) }
      reporter.end("run \(run)", outcome: "finished")
    }
    let lines = stage.written().split(separator: "\n")
    #expect(lines.count == 8, "the clock stands still, so only the ends are written")
    #expect(lines.last?.contains("total 8/8: 100 %") == true)
  }
}
