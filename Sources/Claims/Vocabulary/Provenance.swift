// What a claim says where its records were made on several kinds of machine. Records are never left out for that.

import Foundation
import Specification
import TensorEngine
import Wording

extension RunResults {
  /// A remark for each respect in which the machines of the runs' records differ: processor, BLAS kernel, version of the
  /// program, engine. Empty where all come from one kind.
  func provenance(_ runs: [PlannedRun]) -> [String] {
    let made = runs.distinct.compactMap { run in
      self[run]?.machine.map { (machine: $0, backend: run.specification.backend) }
    }
    func kinds(_ value: (Machine) -> String) -> String? {
      let counts = Dictionary(made.map { (value($0.machine), 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }
      return counts.count < 2 ? nil : counts.map { "\($0.key) (\(counted($0.value, "run")))" }.joined(separator: ", ")
    }
    let usesBLAS = made.contains { $0.backend == .openBLAS }
    let kernels = kinds(\.blasKernel)
    var remarks: [String] = []
    if let processors = kinds(\.processor) {
      let isOneKernel = !usesBLAS || kernels == nil
      remarks.append("records of several processors: \(processors)" + (isOneKernel ? "; " + Self.same(usesBLAS) : ""))
    }
    if let kernels {
      remarks.append(
        "records of several BLAS kernels: \(kernels); "
          + (usesBLAS
            ? Self.samples : "the native backend computes its products without BLAS, so no bit depends on them"))
    }
    if let versions = kinds(\.version) {
      remarks.append(
        "records of several versions of the program: \(versions); their specifications have one format, so the numbers are "
          + "meant to agree")
    }
    let engines = Dictionary(grouping: made.compactMap(\.machine.engine)) { $0 }.sorted { $0.key < $1.key }
    if engines.count > 1 {
      let list = engines.map { "\($0.key) (\(counted($0.value.count, "run")))" }.joined(separator: ", ")
      remarks.append("records of several engines, which give different numbers: \(list)")
    }
    return remarks
  }

  private static let samples =
    "with --portable they must be identical to those of one machine, without it they are different samples of the same thing"

  private static func same(_ usesBLAS: Bool) -> String {
    (usesBLAS ? "with one BLAS kernel, as --portable pins it," : "with the native backend, as with --portable,")
      + " they must be identical to those of one machine with the same C library"
  }
}

extension Machine {
  /// The kernel that BLAS chose, the whole description where it names none.
  var blasKernel: String {
    blas.range(of: ", core ", options: .backwards).map { String(blas[$0.upperBound...]) } ?? blas
  }
}
