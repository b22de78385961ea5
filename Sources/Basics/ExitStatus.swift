// The program's exit statuses, in one place, and how an error declares its own. This module lies below all others, so
// that the errors of any of them can; the errors themselves are defined there.

/// How `replicate` ends. 64, 65, 70 and 74 are those of sysexits(3); 128 + signal number is the shells' custom.
public enum ExitStatus: Int32, Sendable, CaseIterable {
  /// Everything was done and, for `check`, every claim holds.
  case ok = 0
  /// At least one claim fails.
  case claimFails = 1
  /// No claim fails, but at least one is inconclusive.
  case inconclusive = 2
  /// The command line or the configuration is wrong.
  case usage = 64
  /// A file that was read is damaged or is not what it should be.
  case badData = 65
  /// A fault of the program.
  case fault = 70
  /// Reading or writing failed, or the system refused something that the program needs.
  case io = 74
  /// Stopped by SIGHUP, as a terminal that is closed sends it; finished work is kept.
  case hungUp = 129
  /// Stopped by SIGINT (Ctrl-C); finished work is kept.
  case interrupted = 130
  /// Stopped by SIGTERM, as batch systems send it; finished work is kept.
  case terminated = 143
  /// Stopped by SIGXCPU, when a limit of processor time is reached; finished work is kept.
  case outOfProcessorTime = 152
}

/// An error that says in one line what is wrong and what helps, and how the program ends because of it.
///
/// Every error type of the program is one. What reaches the command line without being one ends with `.fault`: 1 and 2
/// are verdicts.
public protocol ExitStatusProviding: Error, CustomStringConvertible {
  var exitStatus: ExitStatus { get }
}
