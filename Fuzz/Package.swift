// swift-tools-version: 6.2
import PackageDescription

// Built by Fuzz/run. The library targets are the project's own sources, compiled with the fuzzer's
// coverage counters and the address sanitizer; a fuzz target has no main, libFuzzer brings it.
let sanitized: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"])]
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
]

func fuzzTarget(_ name: String) -> Target {
  .executableTarget(
    name: name, dependencies: ["CLibFuzzer", "Molecule"], swiftSettings: sanitized + strict,
    linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])])
}

let package = Package(
  name: "fuzz",
  targets: [
    .target(name: "CLibFuzzer"),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas"),
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-ffp-contract=fast"])]),
    .target(
      name: "Tensor", dependencies: ["COpenBLAS", "CKernels"], swiftSettings: sanitized + strict),
    .target(name: "Molecule", dependencies: ["Tensor"], swiftSettings: sanitized + strict),
    fuzzTarget("SMILESFuzz"),
    fuzzTarget("SMARTSFuzz"),
    fuzzTarget("MolfileFuzz"),
  ],
  swiftLanguageModes: [.v6]
)
