// What a report says of a natural corpus that is not installed.

import Configuration

extension Beside {
  /// That the corpus is not there, and what follows, in a sentence without a full stop; nil if it is.
  func absence(_ consequence: String) -> String? {
    if isInstalled { return nil }
    return
      "\(corpus.title): not installed here (apt-get install \(corpus.packages.joined(separator: " "))), \(consequence)"
  }
}
