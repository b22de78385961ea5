// swift-tools-version: 6.1
// What is built, from which sources, and which module may import which (arrows point downwards only).
import PackageDescription

/// The engine's kernels are written for 16 lanes of `Float`; the compiler maps them onto the vector registers of this
/// x86-64 level. `x86-64-v3` (AVX2 + FMA) runs on every machine since 2015; the Makefile asks for `x86-64-v4` where the
/// processor has AVX-512. Sums are ordered by lanes, so results are meant to be the same bits either way.
let level = Context.environment["REPLICATE_X86_LEVEL"] ?? "x86-64-v3"
var kernelFlags = ["-Ounchecked"]
#if arch(x86_64)
kernelFlags += ["-Xcc", "-march=\(level)"]
if level == "x86-64-v4" { kernelFlags += ["-DWIDE_REGISTERS"] }
#endif

let kernels: [SwiftSetting] = [.unsafeFlags(kernelFlags)]
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

/// `make fuzz` sets it: the parsers' modules count what an input reaches, and Tests/Fuzzing is a libFuzzer program.
let isFuzzing = Context.environment["REPLICATE_FUZZ"] != nil
let counting: [SwiftSetting] = isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer"])] : []
let fuzzing = {
  let parsers: [Target.Dependency] = [
    "Experiments", "Training", "Evaluation", "Corpora", "Objectives", "Transformer", "Figures", "Basics",
  ]
  let inputs = [
    "configuration", "safetensors", "checkpoint", "records", "specification", "figure", "text", "python", "names",
  ]
  return isFuzzing
    ? Target.executableTarget(
      name: "fuzz", dependencies: parsers, path: "Tests/Fuzzing", exclude: inputs + ["ReplayTests.swift"],
      swiftSettings: counting,
      // The package manager renames `main`, which libFuzzer has too; gold cannot tell them apart.
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])])
    : Target.testTarget(
      name: "FuzzingTests", dependencies: parsers, path: "Tests/Fuzzing", exclude: inputs + ["Fuzzer.swift"])
}()

func module(_ name: String, _ dependencies: [Target.Dependency], settings: [SwiftSetting] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: "\(name)Tests", dependencies: dependencies)
}

let package = Package(
  name: "replicate",
  products: [
    .executable(name: "replicate", targets: ["replicate"]),
    // Preloaded by tests to let the file system fail; nothing links it.
    Product.`library`(name: "FaultInjection", type: .dynamic, targets: ["FaultInjection"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .target(name: "COpenBLAS", linkerSettings: [.linkedLibrary("dl")]),
    .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(
      name: "GnuplotBridge",
      linkerSettings: [.linkedLibrary("boost_iostreams"), .linkedLibrary("boost_system"), .linkedLibrary("boost_filesystem")]),
    .target(name: "AllocationMeter"),
    module("Basics", [], settings: counting),
    module("Randomness", []),
    module("TensorEngine", ["COpenBLAS", "Randomness", "Basics"], settings: kernels),
    module("Transformer", ["TensorEngine", "Basics"], settings: counting),
    module("Objectives", ["Transformer", "TensorEngine", "Randomness"]),
    module("Corpora", ["Randomness", "Basics"], settings: counting),
    module(
      "Training", ["Objectives", "Corpora", "Transformer", "TensorEngine", "Randomness", "Basics"], settings: counting),
    module(
      "Evaluation", ["Objectives", "Corpora", "Transformer", "TensorEngine", "Randomness", "Basics"],
      settings: counting),
    module("Statistics", ["Randomness", "Basics"]),
    module(
      "Figures",
      ["GnuplotBridge", "Basics", systemPackage, .product(name: "Subprocess", package: "swift-subprocess")]),
    module(
      "Experiments",
      [
        "Training", "Evaluation", "Statistics", "Figures", "Corpora", "Objectives", "Transformer", "TensorEngine", "Randomness",
        "AllocationMeter", "CLibcrypto", "Basics",
        systemPackage,
        .product(name: "Subprocess", package: "swift-subprocess"),
      ],
      settings: counting),
    .executableTarget(name: "replicate", dependencies: ["Experiments", "Basics", argumentParser, systemPackage]),

    .target(name: "FaultInjection", path: "Tests/FaultInjection"),
    tests("Basics", ["Basics"]),
    tests("Randomness", ["Randomness"]),
    tests("TensorEngine", ["TensorEngine", "Randomness"]),
    tests("Transformer", ["Transformer", "TensorEngine", "Randomness"]),
    tests("Objectives", ["Objectives", "Transformer", "TensorEngine", "Randomness"]),
    tests("Corpora", ["Corpora", "Randomness"]),
    tests("Training", ["Training", "Corpora", "Objectives", "Transformer"]),
    tests("Evaluation", ["Evaluation", "Corpora", "Objectives", "Transformer"]),
    tests("Statistics", ["Statistics", "Randomness"]),
    tests("Figures", ["Figures"]),
    tests("Experiments", ["Experiments", "AllocationMeter"]),
    .testTarget(
      name: "CommandLineTests", dependencies: ["replicate", "Experiments", "Corpora", "Transformer", "Basics"]),
    fuzzing,
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
