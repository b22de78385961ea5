// How much memory this process can have at all, given the machine, its control groups and the limits of the process.
// Whether that is enough is checked in Memory.swift.

import Foundation

/// The bytes that this process can have at most: the machine's memory and swap space, the limits of its control groups, and
/// those of the process. What cannot be found out limits nothing.
public func memoryLimit() -> Int {
  var limits = controlGroupLimits(text("/proc/self/cgroup")) { text("/sys/fs/cgroup" + $0) }
  if let machine = machineMemory(text("/proc/meminfo")) { limits.append(machine) }
  for resource in [RLIMIT_AS, RLIMIT_DATA] {
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 {
      limits.append(Int(clamping: limit.rlim_cur))
    }
  }
  return limits.min() ?? .max
}

private func text(_ path: String) -> String {
  (try? contents(ofFile: path, limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) } ?? ""
}

/// Memory and swap space together, from the text of `/proc/meminfo`.
func machineMemory(_ information: String) -> Int? {
  let kibibytes = ["MemTotal", "SwapTotal"].map { name -> Int? in
    let line = information.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
  }
  guard let memory = kibibytes[0] else { return nil }
  return (memory + (kibibytes[1] ?? 0)) * 1024
}

/// The limits of a control group and of those above it, from the text of `/proc/self/cgroup`; both versions.
/// - Parameter read: the text of a file below `/sys/fs/cgroup`, empty if there is none.
func controlGroupLimits(_ groups: String, read: (String) -> String) -> [Int] {
  var limits: [Int] = []
  for line in groups.split(separator: "\n") {
    let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3 else { continue }
    let isSecond = fields[1].isEmpty
    guard isSecond || fields[1].split(separator: ",").contains("memory") else { continue }
    var group = fields[2].split(separator: "/").map(String.init)
    while true {
      let path = (isSecond ? "" : "/memory") + group.map { "/" + $0 }.joined()
      let file = read(path + (isSecond ? "/memory.max" : "/memory.limit_in_bytes"))
      if let bytes = Int(file.trimmingCharacters(in: .whitespacesAndNewlines)) { limits.append(bytes) }
      if group.popLast() == nil { break }
    }
  }
  return limits
}
