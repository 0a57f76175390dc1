// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableExperimentalFeature("Lifetimes"),
]

let package = Package(
  name: "regsift",
  products: [
    .executable(name: "regsift", targets: ["regsift"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibpcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPrefetch"),
    .systemLibrary(name: "CScan"),
    .target(name: "CProcess"),

    // The way of the data: each target knows only those above it.
    .target(name: "Capture", dependencies: ["CZlib"], swiftSettings: strict),
    .target(name: "LiveCapture", dependencies: ["Capture", "CLibpcap"], swiftSettings: strict),
    .target(name: "Decode", dependencies: ["CPrefetch", "Capture"], swiftSettings: strict),
    .target(name: "SIP", dependencies: ["CScan"], swiftSettings: strict),
    .target(name: "Redaction", dependencies: ["Capture", "Decode", "SIP"], swiftSettings: strict),
    .target(
      name: "Registrations", dependencies: ["CPrefetch", "Capture", "Decode", "SIP"],
      swiftSettings: strict),
    .target(
      name: "Parameters", dependencies: [.product(name: "Yams", package: "Yams")],
      swiftSettings: strict),
    .target(
      name: "Rules", dependencies: ["Capture", "Decode", "Registrations", "Parameters"],
      swiftSettings: strict),
    .target(
      name: "Reports",
      dependencies: ["Capture", "Decode", "Registrations", "Parameters", "Rules"],
      swiftSettings: strict),
    .target(
      name: "Evidence",
      dependencies: ["Capture", "Decode", "Registrations", "Rules", "Reports"],
      swiftSettings: strict),
    .target(
      name: "SavedState",
      dependencies: ["CZlib", "Capture", "Decode", "SIP", "Registrations", "Reports", "Evidence"],
      swiftSettings: strict),
    .target(
      name: "Analysis",
      dependencies: ["Capture", "Decode", "SIP", "Registrations", "Parameters", "Rules"],
      swiftSettings: strict),
    .target(name: "Threads", dependencies: ["CProcess"], swiftSettings: strict),
    // What a running capture leaves behind and calls.
    .target(
      name: "LiveOutputs", dependencies: ["CProcess", "Capture", "Threads"], swiftSettings: strict),
    .target(
      name: "Serving",
      dependencies: [
        "Threads",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .target(
      name: "LiveView",
      dependencies: [
        "Capture", "Decode", "Registrations", "Parameters", "Rules", "Reports", "Threads",
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "regsift",
      dependencies: [
        "Capture", "LiveCapture", "Decode", "Registrations", "Parameters", "Rules", "Analysis",
        "Reports", "Evidence", "Redaction", "LiveOutputs", "SavedState", "Threads", "Serving",
        "LiveView",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // What scripts/benchmark and scripts/allocations measure with.
    .executableTarget(
      name: "generate-capture", path: "Benchmarks/GenerateCapture", swiftSettings: strict),
    .executableTarget(
      name: "libpcap-loop", path: "Benchmarks/LibpcapLoop",
      linkerSettings: [.linkedLibrary("pcap")]),
    .executableTarget(
      name: "replay-capture", dependencies: ["Capture", "CLibpcap"],
      path: "Benchmarks/ReplayCapture", swiftSettings: strict),
    .executableTarget(
      name: "live-week", dependencies: ["Capture", "Parameters", "Rules", "Analysis"],
      path: "Benchmarks/LiveWeek", swiftSettings: strict),
    .executableTarget(
      name: "analyze-loop", dependencies: ["Capture", "Parameters", "Rules", "Analysis"],
      path: "Benchmarks/AnalyzeLoop", swiftSettings: strict),
    // Counts allocations: stands in for malloc in the programs it is part of.
    .target(name: "CAllocations", path: "Benchmarks/CAllocations"),
    .executableTarget(
      name: "count-allocations",
      dependencies: ["CAllocations", "Capture", "Parameters", "Rules", "Analysis"],
      path: "Benchmarks/CountAllocations", swiftSettings: strict),

    // What bytes of strangers can reach, for fuzzing (scripts/fuzz) and replay.
    .target(
      name: "FuzzTargets",
      dependencies: [
        "CZlib", "Capture", "Decode", "SIP", "Redaction", "Registrations", "Parameters", "Rules",
        "Reports", "SavedState", "Analysis",
      ],
      path: "Fuzz/Targets", swiftSettings: strict),
    .executableTarget(
      name: "fuzz-replay", dependencies: ["FuzzTargets"], path: "Fuzz/Replay",
      swiftSettings: strict),
    .executableTarget(
      name: "fuzz-seeds", dependencies: ["Capture", "FuzzTargets"], path: "Fuzz/Seeds",
      swiftSettings: strict),
    .executableTarget(
      name: "fuzz-growth", dependencies: ["FuzzTargets"], path: "Fuzz/Growth",
      swiftSettings: strict),
    .executableTarget(
      name: "fuzz-limits", dependencies: ["FuzzTargets"], path: "Fuzz/Limits",
      swiftSettings: strict),

    // Timelines a person can read, turned into captures: what the tests and samples are made of.
    .target(
      name: "Timelines", dependencies: ["Capture", "Decode"], path: "Tests/Timelines",
      swiftSettings: strict),
    .testTarget(
      name: "TimelinesTests", dependencies: ["Capture", "Timelines"], swiftSettings: strict),
    .testTarget(
      name: "CaptureTests", dependencies: ["Capture", "LiveCapture", "CLibpcap", "CZlib"],
      swiftSettings: strict),
    .testTarget(
      name: "LiveOutputsTests", dependencies: ["Capture", "LiveOutputs"], swiftSettings: strict),
    .testTarget(name: "DecodeTests", dependencies: ["Capture", "Decode"], swiftSettings: strict),
    .testTarget(name: "SIPTests", dependencies: ["SIP"], swiftSettings: strict),
    .testTarget(
      name: "RegistrationsTests",
      dependencies: ["Capture", "Decode", "SIP", "Registrations", "Timelines"],
      swiftSettings: strict),
    .testTarget(name: "ParametersTests", dependencies: ["Parameters"], swiftSettings: strict),
    .testTarget(
      name: "RulesTests",
      dependencies: [
        "Capture", "Decode", "SIP", "Registrations", "Parameters", "Rules", "Analysis",
        "Reports", "Timelines",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "PipelineTests",
      dependencies: [
        "Capture", "Decode", "SIP", "Registrations", "Parameters", "Rules", "Analysis", "Reports",
        "Evidence", "Redaction", "SavedState", "Timelines", "CAllocations", "FuzzTargets",
        "generate-capture",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Capture", "Decode", "SIP", "Registrations", "Parameters", "Rules", "Analysis",
        "Reports", "Timelines", "FuzzTargets",
      ],
      swiftSettings: strict),
    .testTarget(name: "ServingTests", dependencies: ["Serving"], swiftSettings: strict),
    .testTarget(
      name: "LiveViewTests",
      dependencies: [
        "Capture", "Parameters", "Registrations", "Rules", "Analysis", "Reports", "LiveView",
        "Timelines",
      ],
      exclude: ["Screens"],
      swiftSettings: strict),
    .testTarget(name: "HostileTests", dependencies: ["FuzzTargets"], swiftSettings: strict),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "Capture", "Parameters", "Registrations", "Rules", "Analysis", "SavedState", "Threads",
        "Timelines", "FuzzTargets", "regsift", "replay-capture", "generate-capture",
      ],
      swiftSettings: strict),
  ]
)

// Only scripts/fuzz links libFuzzer, which this one cannot be linked without.
if Context.environment["REGSIFT_FUZZ"] != nil {
  package.targets += [
    .systemLibrary(name: "CFuzzer", path: "Fuzz/CFuzzer"),
    .executableTarget(
      name: "fuzz", dependencies: ["CFuzzer", "FuzzTargets"], path: "Fuzz/Engine",
      swiftSettings: strict),
  ]
}
