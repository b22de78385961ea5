// Programs that try to use up the machine: each must end by a limit, at once, also on a thread with a small stack.

import Corpora
import Foundation
import Testing

@testable import Evaluation

@Suite struct PythonHostileTests {
  /// Runs on a thread with a small stack. Optimised, 512 KiB are enough, on which `make fuzz` runs; otherwise frames are
  /// several times as large, and larger still under the Address Sanitizer. Training has threads of 16 MiB.
  private func outcome(_ source: String) async -> (result: Result<PythonValue, PythonError>, seconds: Double) {
    await withCheckedContinuation { continuation in
      let thread = Thread {
        let result = Result { () throws(PythonError) in try PythonProgram(source).call("f", []) }
        // Of this thread alone: what else the machine does must not matter.
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        continuation.resume(returning: (result, Double(time.tv_sec) + Double(time.tv_nsec) / 1e9))
      }
      #if DEBUG
        let isSanitized = ProcessInfo.processInfo.environment["REPLICATE_SANITIZER"] != nil
        thread.stackSize = isSanitized ? 16 << 20 : 2 << 20
      #else
        thread.stackSize = 512 << 10
      #endif
      thread.start()
    }
  }

  private static func body(_ lines: String...) -> String {
    "def f():\n" + lines.map { "    \($0)\n" }.joined()
  }

  @Test(
    arguments: [
      (body("while True:", "    pass"), PythonError.Limit.steps),
      (body("for i in range(10 ** 18):", "    pass"), .steps),
      (body("return [0] * 10 ** 9"), .steps),
      (body("return 'a' * 10 ** 9"), .steps),
      (body("return [[]] * 9223372036854775807 * 2"), .steps),
      (body("return 'ab' * 9223372036854775807"), .memory),
      (body("s = '" + String(repeating: "a", count: 11_000) + "'", "while s:", "    t = s + 'b'"), .memory),
      (body("s = 'a'", "while True:", "    s = s + s"), .steps),
      (body("l = [0]", "while True:", "    l = l + l"), .steps),
      (body("l = [0]", "while True:", "    l += l"), .steps),
      (body("l = [0]", "for x in l:", "    l.append(x)"), .steps),
      (body("l = []", "while True:", "    l = [l, l]"), .steps),
      (body("l = []", "for i in range(100):", "    l = [l, l]", "return l"), .steps),
      (body("a = []", "b = []", "for i in range(100):", "    a = [a, a]", "    b = [b, b]", "return a == b"), .steps),
      (body("l = []", "for i in range(300):", "    l = [l]", "return l"), .depth),
      (body("l = []", "l.append(l)", "return l"), .depth),
      (body("a = []", "a.append(a)", "b = []", "b.append(b)", "return a == b"), .depth),
      (body("a = []", "a.append(a)", "b = []", "b.append(b)", "return a < b"), .depth),
      (body("return sorted(range(10 ** 12))"), .steps),
      (body("return sum(range(10 ** 12))"), .steps),
      (body("return 10 ** 10 ** 10"), .integer),
      (body("return 2 ** 64"), .integer),
      (body("return -9223372036854775807 - 2"), .integer),
      (body("return abs(-9223372036854775807 - 1)"), .integer),
      (body("return (-9223372036854775807 - 1) // -1"), .integer),
      (body("return f()"), .depth),
      (body("return [f() for x in [1]]"), .depth),
      (body("return [f() for x in [f()]][f()]"), .depth),
      (body("return 1 if f() else 2"), .depth),
      (body("return sorted([f(), f()])"), .depth),
      (body("l = [0]", "l[f()] += f()"), .depth),
      (body("return 1" + String(repeating: " + 1", count: 60)), .nesting),
      (body("return " + String(repeating: "(", count: 60) + "1" + String(repeating: ")", count: 60)), .nesting),
      (body("return " + String(repeating: "not ", count: 5000) + "1"), .nesting),
      (body("return " + String(repeating: "-", count: 5000) + "1"), .nesting),
      (body("return 2" + String(repeating: " ** 2", count: 5000)), .nesting),
      (body("return 1" + String(repeating: " if 1 else 1", count: 5000)), .nesting),
      (body("return [0]" + String(repeating: "[0]", count: 5000)), .nesting),
      (String(repeating: "x = 1\n", count: 20_000), .source),
    ] as [(String, PythonError.Limit)])
  func endsByALimit(_ source: String, _ limit: PythonError.Limit) async {
    let (result, seconds) = await outcome(source)
    guard case .failure(.limit(_, limit)) = result else {
      Issue.record("\(source.prefix(200)): \(result)")
      return
    }
    #expect(seconds < 5)
  }

  /// As deep as is allowed: in the source, and then in calls.
  @Test(arguments: [
    String(repeating: "(", count: 49) + "1" + String(repeating: ")", count: 49),
    String(repeating: "[", count: 49) + String(repeating: "]", count: 49),
    String(repeating: "[x for x in ", count: 24) + "[]" + String(repeating: "]", count: 24),
    String(repeating: "not ", count: 48) + "1",
    String(repeating: "-", count: 48) + "1",
    "1" + String(repeating: " ** 1", count: 48),
    "1" + String(repeating: " if 1 else 1", count: 48),
    String(repeating: "len([", count: 24) + "1" + String(repeating: "])", count: 24),
    String(repeating: "[0][", count: 24) + "0" + String(repeating: "]", count: 24),
  ])
  func theDeepestSourceFitsTheStack(_ expression: String) async {
    for source in ["def f():\n    return \(expression)\n", "def f():\n    return [f(), \(expression)]\n"] {
      if case .failure(.syntax(let line, let message)) = await outcome(source).result {
        Issue.record("\(source): line \(line), \(message)")
      }
    }
    var blocks = "def f():\n"
    for depth in 1...46 { blocks += String(repeating: " ", count: depth) + "for x\(depth) in [1]:\n" }
    _ = await outcome(blocks + String(repeating: " ", count: 47) + "return f()\n")
  }

  /// What fuzzing found: the variables of the outer call's comprehension were taken down after an error inside the
  /// inner one had already put them away.
  @Test func anErrorInACallInsideAComprehension() async {
    for inner in ["return 1 // 0", "return f()", "return [f() for y in [1]]"] {
      let source = "def g():\n    \(inner)\ndef f():\n    return [g() for x in [1, 2]]\n"
      guard case .failure = await outcome(source).result else {
        Issue.record("\(source) has a value")
        continue
      }
    }
  }

  @Test func manyParametersAndNamesTakeNoTime() async {
    let names = (0..<9_000).map { "a\($0)" }.joined(separator: ",")
    #expect(await outcome("def f(\(names)):\n    return 1\n").seconds < 5)
  }
}
