// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "ligature",
  products: [.executable(name: "ligature", targets: ["ligature"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // C libraries
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-pthread-dev"])]),
    .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CGnuTLS", pkgConfig: "gnutls", providers: [.apt(["libgnutls28-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CMicroHTTPD", linkerSettings: [.linkedLibrary("microhttpd")]),
    .target(
      name: "CKernels",
      cSettings: [.unsafeFlags(["-O3", "-ffp-contract=fast", "-fno-math-errno"])]),

    // The layers, lowest first
    .target(name: "Tensor", dependencies: ["COpenBLAS", "CKernels"], swiftSettings: strict),
    .target(name: "Digest", dependencies: ["CGnuTLS"], swiftSettings: strict),
    .target(name: "Records", dependencies: ["CZlib"], swiftSettings: strict),
    .target(name: "Molecule", dependencies: ["Tensor"], swiftSettings: strict),
    .target(name: "TextEncoder", dependencies: ["Tensor"], swiftSettings: strict),
    .target(
      name: "Alignment", dependencies: ["Tensor", "Digest", "Records", "Molecule", "TextEncoder"],
      swiftSettings: strict),
    .target(name: "Retrieval", dependencies: ["Tensor"], swiftSettings: strict),
    .target(name: "Postgres", dependencies: ["CLibPQ"], swiftSettings: strict),
    .target(name: "HTTPDaemon", dependencies: ["CMicroHTTPD"], swiftSettings: strict),

    .executableTarget(
      name: "ligature",
      dependencies: [
        "Alignment", "Records", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict),

    // Tests mirror the sources
    .testTarget(name: "TensorTests", dependencies: ["Tensor"], swiftSettings: strict),
    .testTarget(name: "DigestTests", dependencies: ["Digest"], swiftSettings: strict),
    .testTarget(name: "RecordsTests", dependencies: ["Records"], swiftSettings: strict),
    .testTarget(
      name: "MoleculeTests", dependencies: ["Molecule", "Tensor"],
      resources: [.copy("Golden")], swiftSettings: strict),
    .testTarget(
      name: "TextEncoderTests", dependencies: ["TextEncoder", "Tensor"], swiftSettings: strict),
    .testTarget(name: "RetrievalTests", dependencies: ["Retrieval", "Tensor"], swiftSettings: strict),
    .testTarget(name: "PostgresTests", dependencies: ["Postgres"], swiftSettings: strict),
    .testTarget(name: "HTTPDaemonTests", dependencies: ["HTTPDaemon"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
