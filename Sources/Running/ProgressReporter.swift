// Shows on standard error how far several parallel runs are: redrawn bars on a terminal, else a line now and then.
// It measures nothing but elapsed time; the runs tell it what they have done.

import Foundation
import Synchronization
import SystemPackage
import Wording

/// The progress of a known set of runs. Every method may be called from any thread.
package final class ProgressReporter: Sendable {
  package enum Style: Sendable, Equatable {
    /// Bars for the runs at work and a total, redrawn in place by moving the cursor; without colours.
    case bars
    /// One line per run for each tenth of it, but no two of a run within `secondsBetweenLines`.
    case lines
    case silent

    /// Bars on a terminal that can move its cursor up and has room for it, else lines.
    /// - Parameters:
    ///   - terminal: the value of TERM, which says what it can; nil if there is none.
    ///   - rows: its height, nil if it does not tell.
    package static func suiting(isTerminal: Bool, terminal: String?, rows: Int?) -> Style {
      let canMove = terminal.map { !["", "dumb", "unknown"].contains($0) } ?? false
      return isTerminal && canMove && rows ?? 2 >= 2 ? .bars : .lines
    }

    /// What suits standard error.
    package static var ofStandardError: Style {
      suiting(
        isTerminal: isatty(2) == 1, terminal: ProcessInfo.processInfo.environment["TERM"],
        rows: terminalSize(at: 2)?.rows)
    }
  }

  private struct Run: Sendable {
    var work: Double
    /// Work already done when this process began the run.
    var inherited = 0.0
    var tokens = 0
    var inheritedTokens = 0
    var fraction = 0.0
    var begun: Double?
    var hasEnded = false
    var note = ""
    var tenthsShown = 0
    /// When its last line was written, or it began.
    var lastLine = -Double.infinity
  }

  /// Short runs have no other line than that of their end.
  static let secondsBetweenLines = 15.0

  private struct State: Sendable {
    var runs: [String: Run] = [:]
    /// Names in the order in which they were added.
    var order: [String] = []
    var started: Double?
    var linesOnScreen = 0
    var lastDrawn = -Double.infinity
  }

  private let style: Style
  private let now: @Sendable () -> Double
  private let size: @Sendable () -> TerminalSize
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// - Parameters:
  ///   - style: by default what suits standard error.
  ///   - now: seconds on a clock that never goes back.
  ///   - size: the terminal's, which may change.
  ///   - write: takes text as it is; by default to standard error.
  package init(
    style: Style = .ofStandardError, now: @escaping @Sendable () -> Double = monotonicSeconds,
    size: @escaping @Sendable () -> TerminalSize = { terminalSize(at: 2) ?? TerminalSize(columns: 80, rows: 24) },
    write: @escaping @Sendable (String) -> Void = { _ = try? FileDescriptor.standardError.writeAll($0.utf8) }
  ) {
    self.style = style
    self.now = now
    self.size = size
    self.write = write
  }

  /// Announces a run, so that the total knows of it.
  /// - Parameter work: its estimated cost in any unit that all runs share, for example seconds or FLOPs.
  package func add(_ name: String, work: Double) {
    state.withLock { state in
      if state.runs[name] == nil { state.order.append(name) }
      state.runs[name] = Run(work: max(work, .leastNonzeroMagnitude))
    }
  }

  /// A run starts, or continues from the given fraction and number of tokens.
  package func begin(_ name: String, fraction: Double = 0, tokens: Int = 0) {
    change(name, redraw: true) { run, now in
      run.begun = now
      run.fraction = fraction
      run.inherited = fraction * run.work
      run.inheritedTokens = tokens
      run.tokens = tokens
      run.tenthsShown = Int(fraction * 10)
      run.lastLine = now
    }
  }

  /// A run has come so far: `fraction` from 0 to 1, `tokens` trained on in all. A nil note leaves the last one.
  package func update(_ name: String, fraction: Double, tokens: Int, note: String? = nil) {
    change(name, redraw: false) { run, _ in
      run.fraction = fraction
      run.tokens = tokens
      if let note { run.note = note }
    }
  }

  /// A run has been stopped and is to be continued by another call: it counts as no more than it has done.
  package func stop(_ name: String, outcome: String) {
    change(name, redraw: true, line: "\(name): \(outcome)") { run, _ in run.begun = nil }
  }

  /// A run has ended; `outcome` is shown on a line that stays, for example `finished, acc 0.52`.
  package func end(_ name: String, outcome: String) {
    change(name, redraw: true, line: "\(name): \(outcome)") { run, _ in
      // A run that ended early has cost only what it did; otherwise the others' pace would look too good.
      run.work *= run.fraction
      run.fraction = 1
      run.hasEnded = true
    }
  }

  /// Prints a line that stays, above the bars.
  package func log(_ line: String) {
    state.withLock { state in
      if style == .silent { return }
      erase(&state)
      write((style == .bars ? fitting(line) : oneLine(line)) + "\n")
      if style == .bars { draw(&state, at: now()) }
    }
  }

  /// Removes the bars. Call it before anything else is printed.
  package func finish() {
    state.withLock { erase(&$0) }
  }

  /// A line that stays on a terminal, broken where the terminal ends.
  private func fitting(_ line: String) -> String { wrapped(oneLine(line), width: max(size().columns, 40), rest: "  ") }

  private func change(
    _ name: String, redraw: Bool, line: String? = nil, _ body: (inout Run, Double) -> Void
  ) {
    state.withLock { state in
      guard var run = state.runs[name] else { return }
      let time = now()
      if state.started == nil { state.started = time }
      body(&run, time)
      let tenths = Int(run.fraction * 10 + 1e-9)
      let isDue = tenths > run.tenthsShown && !run.hasEnded && time - run.lastLine >= Self.secondsBetweenLines
      if isDue {
        run.tenthsShown = tenths
        run.lastLine = time
      }
      state.runs[name] = run

      switch style {
      case .silent: break
      case .lines:
        let total = Self.total(state, at: time)
        if let line {
          write("\(oneLine(line)) (\(total.plain))\n")
        } else if isDue {
          write("\(Self.line(name, run, at: time).plain) (\(total.plain))\n")
        }
      case .bars:
        guard redraw || time - state.lastDrawn >= 0.1 else { break }
        erase(&state)
        if let line { write(fitting(line) + "\n") }
        draw(&state, at: time)
      }
    }
  }

  /// As many bars as the terminal has room for below the line in which the cursor then stands: what scrolls out at the
  /// top cannot be erased.
  private func draw(_ state: inout State, at time: Double) {
    let active = state.order.filter { state.runs[$0].map { $0.begun != nil && !$0.hasEnded } ?? false }
    let size = size()
    // One character less than the terminal has, so that no line wraps.
    let columns = max(1, size.columns - 1)
    let room = max(1, size.rows - 1)
    let shown = active.count < room ? active[...] : active.prefix(max(0, room - 2))
    let bars = shown.compactMap { name in state.runs[name].map { Self.line(name, $0, at: time) } }
    let total = Self.total(state, at: time)
    let nameWidth = (bars + [total]).map { displayWidth($0.name) }.max() ?? 0
    var lines = bars.map { $0.bar(width: columns, nameWidth: nameWidth) }
    if shown.count < active.count && room > 1 {
      lines.append(fitted("… and \(active.count - shown.count) more at work", to: columns))
    }
    lines.append(total.bar(width: columns, nameWidth: nameWidth))
    write(lines.map { $0 + "\n" }.joined())
    state.linesOnScreen = lines.count
    state.lastDrawn = time
  }

  /// Moves the cursor to the first bar and clears from there to the end of the screen.
  private func erase(_ state: inout State) {
    if state.linesOnScreen > 0 { write("\u{1B}[\(state.linesOnScreen)A\u{1B}[J") }
    state.linesOnScreen = 0
  }

  private static func line(_ name: String, _ run: Run, at time: Double) -> ProgressLine {
    let elapsed = run.begun.map { time - $0 } ?? 0
    let rate = elapsed > 0 ? Double(run.tokens - run.inheritedTokens) / elapsed : nil
    return ProgressLine(
      name: oneLine(name), fraction: run.fraction, tokensPerSecond: rate, secondsLeft: secondsLeft(run, at: time),
      note: oneLine(run.note))
  }

  private static func secondsLeft(_ run: Run, at time: Double) -> Double? {
    guard let begun = run.begun, !run.hasEnded else { return nil }
    let done = run.fraction * run.work - run.inherited
    return done > 0 ? (time - begun) * (1 - run.fraction) * run.work / done : nil
  }

  /// The sum over all runs. What is left takes as long as the pace of all workers so far says, but never less than the
  /// slowest run at work needs.
  private static func total(_ state: State, at time: Double) -> ProgressLine {
    var work = 0.0
    var done = 0.0
    var doneNow = 0.0
    var slowest = 0.0
    var ended = 0
    var rate = 0.0
    for name in state.order {
      guard let run = state.runs[name] else { continue }
      work += run.work
      done += run.fraction * run.work
      doneNow += run.fraction * run.work - run.inherited
      slowest = max(slowest, secondsLeft(run, at: time) ?? 0)
      if run.hasEnded { ended += 1 } else { rate += line(name, run, at: time).tokensPerSecond ?? 0 }
    }
    let elapsed = state.started.map { time - $0 } ?? 0
    let left = doneNow > 0 ? max(elapsed * (work - done) / doneNow, slowest) : nil
    return ProgressLine(
      name: "total \(ended)/\(state.order.count)", fraction: work > 0 ? done / work : 0,
      tokensPerSecond: rate > 0 ? rate : nil, secondsLeft: left)
  }
}

/// Seconds on a clock that never goes back.
package func monotonicSeconds() -> Double {
  Double(DispatchTime.now().uptimeNanoseconds) * 1e-9
}

/// The characters that a terminal shows.
package struct TerminalSize: Sendable, Equatable {
  package var columns: Int
  package var rows: Int

  package init(columns: Int, rows: Int) {
    (self.columns, self.rows) = (columns, rows)
  }
}

/// The size of the terminal at a file descriptor, nil if it is none or does not tell its width.
package func terminalSize(at descriptor: Int32) -> TerminalSize? {
  var size = winsize()
  guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
  return TerminalSize(columns: Int(size.ws_col), rows: size.ws_row > 0 ? Int(size.ws_row) : 24)
}
