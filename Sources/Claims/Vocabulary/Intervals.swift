// Intervals in words.

import Foundation
import Statistics
import Wording

/// "+4.2 points [+1.0, +7.4]".
package func percentInterval(_ interval: Interval) -> String {
  "\(signedPercent(interval.estimate)) points [\(signedPercent(interval.low)), \(signedPercent(interval.high))]"
}

/// "+1.23 nats [+1.00, +1.46]".
package func plainInterval(_ interval: Interval, unit: String) -> String {
  let bounds = "[\(signed(interval.low, places: 2)), \(signed(interval.high, places: 2))]"
  return signed(interval.estimate, places: 2) + (unit.isEmpty ? "" : " " + unit) + " " + bounds
}
