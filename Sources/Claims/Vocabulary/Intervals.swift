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
  String(
    format: "%+.2f%@ [%+.2f, %+.2f]", interval.estimate, unit.isEmpty ? "" : " " + unit, interval.low, interval.high)
}
