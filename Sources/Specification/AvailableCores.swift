// How many runs can compute at once on this machine: the default of every --jobs and of the benchmark, and a field of
// records.

import Files
import Foundation
import Wording

/// The processor cores that this process may keep busy, at least 1: those that its affinity mask allows (which cpusets and
/// batch systems narrow), but no more than the quota of processor time of its control groups (as containers have it) is
/// worth, rounded up.
package func availableCores() -> Int {
  let groups = ControlGroups(
    groups: text(ofFile: "/proc/self/cgroup"), mounts: text(ofFile: "/proc/self/mountinfo"), read: text(ofFile:))
  let allowed = allowedProcessors(inStatus: text(ofFile: "/proc/self/status"))
  return availableCores(allowed: allowed ?? ProcessInfo.processInfo.activeProcessorCount, quota: groups.coreQuota)
}

package func availableCores(allowed: Int, quota: Double?) -> Int {
  guard let quota, quota < Double(allowed) else { return max(1, allowed) }
  return max(1, Int(quota.rounded(.up)))
}

/// The number of processors in the affinity mask, as `/proc/self/status` has it: `Cpus_allowed_list: 0-3,8`; nil if the
/// text does not tell.
package func allowedProcessors(inStatus text: String) -> Int? {
  let name = "Cpus_allowed_list:"
  guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return nil }
  var count = 0
  for range in line.dropFirst(name.count).split(separator: ",") {
    let ends = range.split(separator: "-").map { Int($0.trimmingCharacters(in: .whitespaces)) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last, ends.count <= 2 else { return nil }
    count += last - first + 1
  }
  return count > 0 ? count : nil
}

private func text(ofFile path: String) -> String {
  (try? readFile(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
}

/// What limits the processor time of a process: its control groups, of either version, and all above them.
package struct ControlGroups {
  /// The contents of `/proc/self/cgroup`: a line `id:controllers:path` per hierarchy, `0::path` for version 2.
  let groups: String
  /// The contents of `/proc/self/mountinfo`, by which a hierarchy is found.
  let mounts: String
  /// The contents of a file; "" if there is none.
  let read: (String) -> String

  /// Cores' worth of processor time; nil without a limit.
  var coreQuota: Double? {
    var quotas: [Double] = []
    for line in groups.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 3 else { continue }
      let isUnified = fields[0] == "0" && fields[1].isEmpty
      guard isUnified || fields[1].split(separator: ",").contains("cpu") else { continue }
      for mount in mountPoints(isUnified: isUnified) {
        for folder in folders(of: fields[2], below: mount) {
          if let quota = isUnified ? unifiedQuota(folder) : separateQuota(folder) { quotas.append(quota) }
        }
      }
    }
    return quotas.min()
  }

  /// Where a hierarchy is mounted, and which of its groups is there: `36 25 0:32 /root /mount options - type …`.
  private func mountPoints(isUnified: Bool) -> [(root: String, point: String)] {
    mounts.split(separator: "\n").compactMap { line in
      let halves = line.components(separatedBy: " - ")
      guard halves.count == 2 else { return nil }
      let (mount, system) = (halves[0].split(separator: " "), halves[1].split(separator: " "))
      guard mount.count > 4, let type = system.first, let options = system.last else { return nil }
      let isWanted = isUnified ? type == "cgroup2" : type == "cgroup" && options.split(separator: ",").contains("cpu")
      return isWanted ? (String(mount[3]), String(mount[4])) : nil
    }
  }

  /// The folders of a group and of all groups above it, as far as they are mounted. In a container the path may be that of
  /// the host, of which nothing is mounted; then the mount point is the group.
  private func folders(of path: String, below mount: (root: String, point: String)) -> [String] {
    let root = mount.root == "/" ? "" : mount.root
    guard path.hasPrefix(root) else { return [mount.point] }
    let names = path.dropFirst(root.count).split(separator: "/")
    return (0...names.count).map { ([mount.point] + names.prefix($0).map(String.init)).joined(separator: "/") }
  }

  /// Version 2: `cpu.max` has "150000 100000" or "max 100000".
  private func unifiedQuota(_ folder: String) -> Double? {
    let words = read(folder + "/cpu.max").split(whereSeparator: \.isWhitespace)
    return words.count == 2 ? cores(String(words[0]), period: String(words[1])) : nil
  }

  /// Version 1: a quota of −1 is none.
  private func separateQuota(_ folder: String) -> Double? {
    func word(_ name: String) -> String { read("\(folder)/\(name)").trimmingCharacters(in: .whitespacesAndNewlines) }
    return cores(word("cpu.cfs_quota_us"), period: word("cpu.cfs_period_us"))
  }

  private func cores(_ quota: String, period: String) -> Double? {
    guard let quota = Double(quota), let period = Double(period), quota > 0, period > 0 else { return nil }
    return quota / period
  }
}
