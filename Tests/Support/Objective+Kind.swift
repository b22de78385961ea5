// What made-up results ask of an objective.

import Objectives

extension Objective {
  /// Whether it is AR's, and not a DLM's.
  package var isAutoregressive: Bool { maskings == .none }
}
