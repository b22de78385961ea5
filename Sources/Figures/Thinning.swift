// Long curves are thinned before drawing (200 000 points make an SVG of 22 MB): what is kept is the envelope.

/// The rows of `spans` to keep so that at most `limit` remain: the axis is cut into equal buckets and each keeps its
/// lowest and its highest row, so peaks survive; the first and the last row stay too. Shorter input is kept whole. The
/// choice depends on the data alone, and the order of the rows is kept.
/// - Parameter position: where an x value lies along the axis, 0…1.
func thinned(_ spans: [Span], limit: Int = 1000, position: (Double) -> Double) -> [Span] {
  guard spans.count > limit, limit >= 4 else { return spans }
  let buckets = (limit - 2) / 2
  var lowest = [Int?](repeating: nil, count: buckets)
  var highest = [Int?](repeating: nil, count: buckets)
  for (index, span) in spans.enumerated() {
    let bucket = Int(min(max(position(span.x), 0) * Double(buckets), Double(buckets - 1)))
    if lowest[bucket].map({ span.low < spans[$0].low }) ?? true { lowest[bucket] = index }
    if highest[bucket].map({ span.high > spans[$0].high }) ?? true { highest[bucket] = index }
  }
  var kept = Set([0, spans.count - 1])
  kept.formUnion(lowest.compactMap { $0 })
  kept.formUnion(highest.compactMap { $0 })
  return kept.sorted().map { spans[$0] }
}
