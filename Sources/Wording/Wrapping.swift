// Which words of a sentence stay on one line. How lines are made of them depends on where they are shown.

/// The words of a text, those joined that must not be parted: the digits that a blank groups ("20 000"), a unit after its
/// number ("95 %"), an interval in brackets ("[+1.0, +7.4]"), and what is on both sides of a sign ("p = 0.06", "1 … 2").
package func unbreakableWords(_ text: String) -> [String] {
  var words: [String] = []
  var isAfterSign = false
  for word in text.split(separator: " ") {
    let isSign = word.count == 1 && !word.allSatisfy { $0.isLetter || $0.isNumber }
    let isUnit = word.hasPrefix("%") || word.count >= 3 && word.prefix(3).allSatisfy(\.isNumber)
    let isInBrackets =
      words.last.map { last in
        last.lastIndex(of: "[").map { !last[$0...].contains("]") } ?? false
      } ?? false
    let isJoined = isSign || isAfterSign || isInBrackets || isUnit && words.last?.last?.isNumber == true
    if isJoined, let last = words.popLast() {
      words.append("\(last) \(word)")
    } else {
      words.append(String(word))
    }
    isAfterSign = isSign && word != "%"
  }
  return words
}
