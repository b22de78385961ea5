// Runs the same calls in a real Python, where one is installed.

import Corpora
import Foundation

@testable import Evaluation

/// A program, the name of its function and the arguments of each call.
struct ReferenceCase: Codable {
  var source: String
  var name: String
  /// Python literals.
  var calls: [[String]]

  init(_ source: String, name: String, calls: [[PythonValue]]) {
    (self.source, self.name) = (source, name)
    self.calls = calls.map { $0.map(\.description) }
  }
}

enum RealPython {
  /// For every call the `repr` of its result, or the name of the exception; or nil without a `python3`. Each source
  /// must be parsed by `ast.parse`, else all its results are "SyntaxError".
  static func results(_ cases: [ReferenceCase]) throws -> [[String]]? {
    let script = """
      import ast, json, sys
      results = []
      for case in json.load(sys.stdin):
          outcome = []
          for call in case["calls"]:
              try:
                  ast.parse(case["source"])
                  space = {}
                  exec(case["source"], space)
                  arguments = [ast.literal_eval(text) for text in call]
                  outcome.append(repr(space[case["name"]](*arguments)))
              except Exception as error:
                  outcome.append("SyntaxError" if isinstance(error, SyntaxError) else type(error).__name__)
          results.append(outcome)
      json.dump(results, sys.stdout)
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-I", "-c", script]
    // Files and not pipes, which would have to be filled and emptied at once.
    let name = NSTemporaryDirectory() + "python-reference-" + UUID().uuidString
    defer { for suffix in [".in", ".out"] { try? FileManager.default.removeItem(atPath: name + suffix) } }
    try JSONEncoder().encode(cases).write(to: URL(fileURLWithPath: name + ".in"))
    _ = FileManager.default.createFile(atPath: name + ".out", contents: nil)
    process.standardInput = FileHandle(forReadingAtPath: name + ".in")
    process.standardOutput = FileHandle(forWritingAtPath: name + ".out")
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus == 127 { return nil }
    return try JSONDecoder().decode([[String]].self, from: Data(contentsOf: URL(fileURLWithPath: name + ".out")))
  }
}

extension PythonProgram {
  /// What a call gives here, spelt as ``RealPython`` spells it.
  static func outcome(_ source: String, _ name: String, _ arguments: [PythonValue]) -> String {
    do {
      return try PythonProgram(source).call(name, arguments).description
    } catch {
      switch error {
      case .syntax: return "SyntaxError"
      case .exception(_, let kind, _): return kind.rawValue
      default: return "\(error)"
      }
    }
  }
}
