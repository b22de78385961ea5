// A queue that gives its smallest element first. Its users: BytePairTraining.swift, BytePairTokenizer.swift.

/// A binary heap: adding an element and taking the smallest one cost log n comparisons.
struct BinaryHeap<Element: Comparable> {
  private var elements: [Element] = []

  /// - Parameter elements: in any order.
  init(_ elements: [Element] = []) {
    self.elements = elements
    for index in stride(from: elements.count / 2 - 1, through: 0, by: -1) { sink(index) }
  }

  mutating func insert(_ element: Element) {
    elements.append(element)
    var index = elements.count - 1
    while index > 0, elements[index] < elements[(index - 1) / 2] {
      elements.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  /// Takes the smallest element out; nil if there is none.
  mutating func popMin() -> Element? {
    guard let last = elements.popLast() else { return nil }
    guard let first = elements.first else { return last }
    elements[0] = last
    sink(0)
    return first
  }

  private mutating func sink(_ start: Int) {
    var index = start
    while true {
      var smallest = index
      for child in [2 * index + 1, 2 * index + 2] where child < elements.count {
        if elements[child] < elements[smallest] { smallest = child }
      }
      if smallest == index { return }
      elements.swapAt(index, smallest)
      index = smallest
    }
  }
}
