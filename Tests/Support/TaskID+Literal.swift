// Tasks by their names, in tests.

import Specification

extension TaskID: ExpressibleByStringLiteral {
  package init(stringLiteral name: String) {
    guard let task = TaskID(name: name) else { fatalError("no task is called \(name)") }
    self = task
  }
}
