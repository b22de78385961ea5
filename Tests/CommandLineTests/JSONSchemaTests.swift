// The schema that documents are held against refuses what is none. That it takes what the program prints is tested wherever
// a test reads JSON (Workspace.swift).

import Files
import Foundation
import TestSupport
import Testing

@Suite struct JSONSchemaTests {
  @Test(
    arguments: [
      ("{\"schema\":1,\"kind\":\"report\",\"version\":\"0\",\"result\":{\"claims\":1,\"page\":\"p\"}}", nil),
      (
        "{\"schema\":2,\"kind\":\"report\",\"version\":\"0\",\"result\":{\"claims\":1,\"page\":\"p\"}}",
        "/schema: not 1"
      ),
      ("{\"schema\":1,\"kind\":\"report\",\"version\":\"0\",\"result\":{\"claims\":1}}", "/result: lacks page"),
      (
        "{\"schema\":1,\"kind\":\"report\",\"version\":\"0\",\"result\":{\"claims\":\"1\",\"page\":\"p\"}}",
        "/result/claims: not of type integer"
      ),
      (
        "{\"schema\":1,\"kind\":\"report\",\"version\":\"0\",\"result\":{\"claims\":1,\"page\":\"p\",\"more\":1}}",
        "/result: unknown key more"
      ),
      ("{\"schema\":1,\"kind\":\"reports\",\"version\":\"0\",\"result\":{}}", "/kind: \"reports\" is none of"),
      (
        "{\"schema\":1,\"kind\":\"figures\",\"version\":\"0\",\"result\":[{\"claim\":\"c\",\"svg\":\"s\",\"png\":{\"_0\":1}}]}",
        "/result/0/png: not of type string"
      ),
      (
        "{\"schema\":1,\"kind\":\"comparison\",\"version\":\"0\",\"result\":{\"first\":\"a\",\"second\":\"b\",\"parameters\":[],"
          + "\"metrics\":[{\"name\":\"n\",\"unit\":\"nats\",\"first\":\"1.5\"}],\"isSameBits\":true}}",
        "/result/metrics/0/first: not of type number"
      ),
      ("{\"kind\":\"report\"}", ": lacks result"), ("[]", ": not of type object"), ("no", "no JSON"),
    ] as [(String, String?)])
  func whatIsNoDocumentIsRefused(_ text: String, _ problem: String?) throws {
    let problems = try JSONSchema.ofDocuments.get().problems(in: text)
    if let problem {
      #expect(problems.contains { $0.hasPrefix(problem) }, "\(problems)")
    } else {
      #expect(problems.isEmpty, "\(problems)")
    }
  }

  /// What an object may have is said of every one, so that nothing is taken for checked that is not.
  @Test func nothingInTheSchemaIsLoose() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Documentation/replicate.schema.json")
    func loose(_ value: JSONValue, at path: String) -> [String] {
      switch value {
      case .object(let fields):
        let isOpen = fields["type"] == .string("object") && fields["additionalProperties"] == nil
        return (isOpen ? [path] : []) + fields.flatMap { loose($1, at: path + "/" + $0) }
      case .array(let elements): return elements.enumerated().flatMap { loose($1, at: path + "/\($0)") }
      case .null, .boolean, .integer, .unsigned, .number, .string: return []
      }
    }
    #expect(loose(try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: file)), at: "").isEmpty)
  }
}
