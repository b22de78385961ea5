// The fuzzer's entry: libFuzzer calls a property with bytes that reach ever new places of the modules under test.
// `make fuzz` builds and runs it; ordinary builds do not contain it.

import Foundation

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Set once, before fuzzing begins: libFuzzer starts itself again with its own arguments, so these do not name it.
private let property: Property = {
  let name = ProcessInfo.processInfo.environment["REPLICATE_FUZZ"] ?? ""
  guard let property = Property(rawValue: name) else {
    let names = Property.allCases.map(\.rawValue).joined(separator: ", ")
    fatalError("REPLICATE_FUZZ is \"\(name)\"; give one of \(names)")
  }
  return property
}()

@main enum Fuzzer {
  static func main() {
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    exit(
      runDriver(&count, &arguments) { bytes, count in
        do {
          try property.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
        } catch {
          fatalError("\(property.rawValue): \(error)")
        }
        return 0
      })
  }
}
