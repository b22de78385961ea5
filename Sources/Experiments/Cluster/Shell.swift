// Words of a shell command, spelt so that a shell reads back exactly the words.

/// The word as it is where it has only letters, digits and `_./:=@%+,-`, else in single quotes.
func shellWord(_ word: String) -> String {
  let isPlain = !word.isEmpty && word.unicodeScalars.allSatisfy { scalar in
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "/", ":", "=", "@", "%", "+", ",", "-": true
    default: false
    }
  }
  return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}

/// The words with blanks between them.
func shellCommand(_ words: [String]) -> String { words.map(shellWord).joined(separator: " ") }
