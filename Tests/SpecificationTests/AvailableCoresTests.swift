// How many cores there are for this process, from what Linux says of its affinity and its control groups.

import Testing
@testable import Specification

@Suite struct AvailableCoresTests {
  @Test(
    arguments: [
      ("Name:\treplicate\nCpus_allowed:\tff\nCpus_allowed_list:\t0-7\nMems_allowed_list:\t0\n", 8),
      ("Cpus_allowed_list:\t3\n", 1), ("Cpus_allowed_list:\t0-1,4,8-11\n", 7), ("Cpus_allowed_list:\t\n", nil),
      ("Cpus_allowed_list:\t5-2\n", nil), ("Name:\treplicate\n", nil), ("", nil),
    ] as [(String, Int?)])
  func processorsOfTheAffinityMask(_ status: String, _ count: Int?) {
    #expect(allowedProcessors(inStatus: status) == count)
  }

  @Test(
    arguments: [(8, nil, 8), (8, 2.0, 2), (8, 1.5, 2), (8, 0.2, 1), (2, 6.0, 2), (0, nil, 1)] as [(Int, Double?, Int)])
  func theSmallerOfBoth(_ allowed: Int, _ quota: Double?, _ cores: Int) {
    #expect(availableCores(allowed: allowed, quota: quota) == cores)
  }

  private func quota(_ groups: String, _ mounts: String, _ files: [String: String]) -> Double? {
    ControlGroups(groups: groups, mounts: mounts, read: { files[$0] ?? "" }).coreQuota
  }

  private static let second = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
  private static let first = """
    31 23 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:5 - cgroup cgroup rw,cpu,cpuacct
    32 23 0:28 / /sys/fs/cgroup/cpuset rw,nosuid shared:6 - cgroup cgroup rw,cpuset

    """

  /// Version 2: the tightest of the group and all above it.
  @Test func unifiedHierarchy() {
    let groups = "0::/system.slice/job.scope\n"
    #expect(quota(groups, Self.second, [:]) == nil)
    #expect(quota(groups, Self.second, ["/sys/fs/cgroup/system.slice/job.scope/cpu.max": "max 100000\n"]) == nil)
    let own = ["/sys/fs/cgroup/system.slice/job.scope/cpu.max": "150000 100000\n"]
    #expect(quota(groups, Self.second, own) == 1.5)
    let above = own.merging(["/sys/fs/cgroup/system.slice/cpu.max": "50000 100000\n"]) { $1 }
    #expect(quota(groups, Self.second, above) == 0.5)
    // A container with a namespace of its own sees its group as the root.
    #expect(quota("0::/\n", Self.second, ["/sys/fs/cgroup/cpu.max": "400000 100000\n"]) == 4)
  }

  /// Version 1, also of a container that is told its path on the host.
  @Test func separateHierarchies() {
    let groups = "9:cpuset:/\n4:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n"
    func files(_ folder: String, _ quota: String) -> [String: String] {
      [folder + "/cpu.cfs_quota_us": quota + "\n", folder + "/cpu.cfs_period_us": "100000\n"]
    }
    let folder = "/sys/fs/cgroup/cpu,cpuacct"
    #expect(quota(groups, Self.first, files(folder + "/docker/abc", "200000")) == 2)
    #expect(quota(groups, Self.first, files(folder + "/docker/abc", "-1")) == nil)
    #expect(quota(groups, Self.first, files(folder + "/docker", "300000")) == 3)
    let bound = Self.first.replacing("0:27 / ", with: "0:27 /docker/abc ")
    #expect(quota(groups, bound, files(folder, "250000")) == 2.5)
    let hidden = Self.first.replacing("0:27 / ", with: "0:27 /other ")
    #expect(quota(groups, hidden, files(folder, "250000")) == 2.5)
    #expect(quota(groups, Self.second, files(folder + "/docker/abc", "200000")) == nil, "not mounted")
  }

  @Test func damagedFilesAreNoLimit() {
    let folder = "/sys/fs/cgroup/cpu.max"
    for text in ["", "100000", "x 100000", "100000 0", "-5 100000", "nan 100000"] {
      #expect(quota("0::/\n", Self.second, [folder: text]) == nil, "\(text)")
    }
    #expect(quota("nonsense\n0:\n", "nonsense - \n - x\n", [:]) == nil)
  }

  @Test func thisProcessHasCores() { #expect((1...65_536).contains(availableCores())) }
}
