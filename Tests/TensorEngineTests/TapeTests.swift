// The order in which a tape runs its operations.

import TensorEngine
import Testing

@Suite struct TapeTests {
  private final class Log { var lines: [String] = [] }

  private final class Step: Operation {
    let name: String
    let log: Log
    init(_ name: String, _ log: Log) { (self.name, self.log) = (name, log) }
    func forward() { log.lines.append("forward \(name)") }
    func backward() { log.lines.append("backward \(name)") }
  }

  @Test func runsForwardsThenBackwards() {
    let log = Log()
    let tape = Tape()
    tape.record(Step("a", log))
    tape.record(Step("b", log))
    tape.forward()
    tape.backward()
    #expect(log.lines == ["forward a", "forward b", "backward b", "backward a"])
  }
}
