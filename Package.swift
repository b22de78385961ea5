// swift-tools-version: 6.2
// What is built, from which sources, and which module may import which (arrows point downwards only).
import PackageDescription

/// The engine's kernels are written once, in Sources/Kernels, for 16 lanes of `Float`, and compiled once for each
/// instruction set, as modules of their own whose folders link to the text; the compiler maps the lanes onto the vector
/// registers. The program chooses among them when it starts (TensorEngine/KernelChoice.swift). Sums are ordered by lanes,
/// so the results are the same bits. `define` is a compilation condition, `march` what clang calls the instructions.
struct KernelModule {
  let name: String
  let define: String
  let march: String?

  var flags: [String] { ["-Ounchecked", "-D\(define)"] + (march.map { ["-Xcc", "-march=\($0)"] } ?? []) }

  /// The kernels, and their tests, which are written once as well and call the module under test `Kernels`.
  var targets: [Target] {
    [
      .target(
        name: name, dependencies: ["Tensors", "COpenBLAS", "CBFloat16", "Randomness"],
        swiftSettings: [.unsafeFlags(flags)]),
      .testTarget(
        name: "\(name)Tests",
        dependencies: ["TensorEngine", .target(name: name), "Tensors", "CBFloat16", "Randomness"],
        swiftSettings: [.define(define), .unsafeFlags(["-module-alias", "Kernels=\(name)"])]),
    ]
  }
}

#if arch(x86_64)
  let kernelModules = [
    KernelModule(name: "KernelsAVX2", define: "AVX2", march: "x86-64-v3"),
    KernelModule(name: "KernelsAVX512", define: "AVX512", march: "x86-64-v4"),
  ]
#else
  let kernelModules = [KernelModule(name: "KernelsGeneric", define: "GENERIC", march: nil)]
#endif

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

/// `make docs` sets it: only then is the plugin fetched that makes pages of the docstrings.
let isDocumenting = Context.environment["REPLICATE_DOCS"] != nil
let documentation: [Package.Dependency] =
  isDocumenting ? [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")] : []

/// `make fuzz` sets it: the parsers' modules count what an input reaches, and Tests/Fuzzing is a libFuzzer program.
let isFuzzing = Context.environment["REPLICATE_FUZZ"] != nil
let counting: [SwiftSetting] = isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer"])] : []
let fuzzing = {
  let parsers: [Target.Dependency] = [
    "Cluster", "Reporting", "Claims", "Configuration", "Store", "Specification", "Files", "Training", "Evaluation",
    "Corpora", "Objectives",
    "Transformer", "Figures", "Basics",
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

func module(
  _ name: String, _ dependencies: [Target.Dependency], settings: [SwiftSetting] = [], resources: [Resource] = []
) -> Target {
  // TensorEngine hands on what Tensors declares. A module that only knew the former would not be compiled again when the
  // memory layout of the latter's types changes, and would go on with the old one.
  let seesTensors = dependencies.contains { if case .byNameItem("TensorEngine", _) = $0 { true } else { false } }
  return .target(
    name: name, dependencies: dependencies + (seesTensors ? ["Tensors"] : []), resources: resources,
    swiftSettings: settings)
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
  ] + documentation,
  targets: [
    .target(name: "COpenBLAS", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CBFloat16", cSettings: [.unsafeFlags(["-O2", "-ffp-contract=off"])]),
    .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(
      name: "GnuplotBridge",
      // The archives: what the program takes from Boost is inside it, so it needs none where it runs.
      linkerSettings: [":libboost_iostreams.a", ":libboost_filesystem.a"].map { .linkedLibrary($0) }),
    .target(name: "AllocationMeter"),
    // Which commit and compiler a build is made from is found out before it; see `replicate --version`.
    .plugin(name: "DescribeBuild", capability: .buildTool()),
    .target(name: "BuildDescription", plugins: ["DescribeBuild"]),
    module("Basics", [], settings: counting),
    module("Randomness", []),
    .systemLibrary(name: "CProcessor"),
    module("Tensors", ["COpenBLAS", "Basics"]),
    module("TensorEngine", ["CProcessor", "Tensors", "Basics"] + kernelModules.map { .target(name: $0.name) }),
    module("Transformer", ["TensorEngine", "Basics"], settings: counting),
    module("Objectives", ["Transformer", "TensorEngine", "Randomness"]),
    module("Corpora", ["Randomness", "Basics"], settings: counting),
    module(
      "Training", ["Objectives", "Corpora", "Transformer", "TensorEngine", "Randomness", "Basics"], settings: counting),
    module(
      "Evaluation", ["Objectives", "Corpora", "Transformer", "TensorEngine", "Randomness", "Basics"],
      settings: counting),
    module("Wording", ["Basics"]),
    module("Statistics", ["Randomness", "Wording", "Basics"]),
    module(
      "Figures",
      ["GnuplotBridge", "Wording", "Basics", systemPackage, subprocess]),
    module("Files", ["Basics", "Wording", "CLibcrypto", systemPackage], settings: counting),
    module(
      "Specification",
      [
        "Files", "Wording", "Training", "Evaluation", "Corpora", "Objectives", "Transformer", "TensorEngine",
        "Statistics", "Basics",
      ],
      settings: counting),
    module("Store", ["Specification", "Files", "Wording", "Corpora", "Basics", systemPackage], settings: counting),
    module(
      "Configuration",
      [
        "Specification", "Files", "Wording", "Training", "Statistics", "Corpora", "Objectives", "Transformer",
        "TensorEngine", "Basics",
      ],
      settings: counting, resources: [.embedInCode("experiments.toml")]),
    module(
      "Running",
      [
        "Store", "Specification", "Files", "Wording", "Training", "Evaluation", "Corpora", "Objectives", "Transformer",
        "TensorEngine", "Basics", systemPackage,
      ]),
    module(
      "Claims",
      [
        "Configuration", "Specification", "Files", "Wording", "Statistics", "Figures", "Evaluation", "Corpora",
        "Objectives", "Transformer", "Training", "TensorEngine", "Basics",
      ]),
    module(
      "Advise",
      [
        "Claims", "Configuration", "Specification", "Wording", "Statistics", "Figures", "Training", "Corpora",
        "Objectives", "Transformer", "TensorEngine", "Basics",
      ]),
    module(
      "Reporting",
      [
        "Advise", "Claims", "Configuration", "Running", "Store", "Specification", "Files", "Wording", "Statistics",
        "Figures",
        "Corpora", "TensorEngine", "Basics",
      ],
      settings: counting),
    module(
      "Cluster",
      [
        "Reporting", "Claims", "Configuration", "Running", "Store", "Specification", "Files", "Wording", "Basics",
        "TensorEngine", systemPackage, subprocess,
      ]),
    module(
      "Benchmark",
      [
        "Running", "Specification", "Wording", "Training", "Evaluation", "Corpora", "Objectives", "Transformer",
        "TensorEngine",
        "Randomness", "AllocationMeter", "Basics",
      ]),
    module(
      "Verification",
      ["Files", "Wording", "Training", "Evaluation", "Objectives", "Transformer", "TensorEngine", "Corpora", "Basics"]),
    module(
      "Doctor",
      [
        "Reporting", "Claims", "Running", "Store", "Specification", "Files", "Wording", "Figures", "Corpora",
        "TensorEngine", "Basics", systemPackage,
      ]),
    module(
      "SingleModels",
      [
        "Reporting", "Claims", "Running", "Configuration", "Store", "Specification", "Files", "Wording", "Statistics",
        "Evaluation", "Corpora", "Objectives", "Transformer", "TensorEngine", "Training", "Basics",
      ]),
    .executableTarget(
      name: "replicate",
      dependencies: [
        "Benchmark", "Cluster", "Doctor", "SingleModels", "Verification", "Reporting", "Advise", "Claims",
        "Configuration", "Running", "Store", "Specification", "Files", "Wording", "Figures", "Evaluation", "Training",
        "Corpora", "Objectives", "Transformer", "TensorEngine", "Basics", "BuildDescription", argumentParser,
        systemPackage,
      ]),

    .target(name: "FaultInjection", path: "Tests/FaultInjection"),
    .target(
      name: "TestSupport", dependencies: ["Files", "Specification", "Objectives", systemPackage], path: "Tests/Support"),
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
    tests("Wording", ["Wording", "Basics"]),
    tests("Files", ["Files", "Basics", "Specification", "TestSupport", systemPackage]),
    tests(
      "Specification",
      [
        "TestSupport", "Specification", "Cluster", "Reporting", "Claims", "Configuration", "Store", "Files", "Wording",
        "Training", "Corpora", "Objectives", "Transformer", "TensorEngine",
      ]),
    tests(
      "Store", ["TestSupport", "Store", "Reporting", "Running", "Specification", "Files", "Training", "Transformer"]),
    tests("Configuration", ["Configuration", "Files", "Wording"]),
    tests(
      "Running",
      [
        "TestSupport", "Running", "AllocationMeter", "Benchmark", "Store", "Specification", "Files", "Wording",
        "Figures", "Training", "Corpora", "Objectives", "Transformer", "TensorEngine", "Basics",
      ]),
    tests(
      "Claims",
      [
        "TestSupport", "Evaluation", "Claims", "Reporting", "Running", "Configuration", "Store", "Specification",
        "Files", "Wording", "Figures", "Statistics", "Corpora", "Objectives", "Transformer", "TensorEngine",
      ]),
    tests(
      "Advise",
      [
        "TestSupport", "Advise", "Claims", "Configuration", "Specification", "Training", "Corpora", "Objectives",
        "Transformer",
      ]),
    tests(
      "Reporting",
      [
        "TestSupport", "Evaluation", "Reporting", "Claims", "Configuration", "Specification", "Files", "Wording",
        "Figures", "Corpora", "Objectives",
      ]),
    tests(
      "Cluster",
      [
        "TestSupport", "Cluster", "Reporting", "Claims", "Running", "Configuration", "Store", "Specification", "Files",
        "Training", "Corpora", "Objectives", "Transformer", "Basics",
      ]),
    tests("Verification", ["Verification", "Transformer", "TensorEngine"]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["TestSupport", "replicate", "Running", "Corpora", "Transformer", "TensorEngine", "Basics"]),
    fuzzing,
  ] + kernelModules.flatMap(\.targets),
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
