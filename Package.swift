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
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // C libraries
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-pthread-dev"])]),
    .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CGnuTLS", pkgConfig: "gnutls", providers: [.apt(["libgnutls28-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CRSVG", pkgConfig: "librsvg-2.0", providers: [.apt(["librsvg2-dev"])]),
    .target(
      name: "CCoordGen", cxxSettings: [.unsafeFlags(["-w"])],
      linkerSettings: [.linkedLibrary("coordgen")]),
    .target(name: "CMicroHTTPD", linkerSettings: [.linkedLibrary("microhttpd")]),
    .target(
      name: "CKernels",
      cSettings: [.unsafeFlags(["-O3", "-ffp-contract=fast", "-fno-math-errno"])]),
    .target(
      name: "CHNSW", dependencies: ["CKernels"], cxxSettings: [.unsafeFlags(["-w", "-O3"])]),

    // The layers, lowest first
    .target(
      name: "Tensor", dependencies: ["COpenBLAS", "CKernels", "CHNSW"], swiftSettings: strict),
    .target(name: "Digest", dependencies: ["CGnuTLS"], swiftSettings: strict),
    .target(name: "Records", dependencies: ["CZlib"], swiftSettings: strict),
    .target(name: "Molecule", dependencies: ["Tensor"], swiftSettings: strict),
    .target(
      name: "Depiction", dependencies: ["Molecule", "CCoordGen", "CRSVG"], swiftSettings: strict),
    .target(name: "TextEncoder", dependencies: ["Tensor"], swiftSettings: strict),
    .target(name: "MoEBackbone", dependencies: ["Tensor"], swiftSettings: strict),
    .target(name: "Fusion", dependencies: ["Tensor"], swiftSettings: strict),
    .target(
      name: "Knowledge", dependencies: ["Tensor", "Digest", "Records", "TextEncoder"],
      swiftSettings: strict),
    .target(
      name: "Alignment",
      dependencies: [
        "Tensor", "Digest", "Records", "Molecule", "TextEncoder", "MoEBackbone", "Knowledge",
        "Fusion",
      ], swiftSettings: strict),
    .target(name: "Retrieval", dependencies: ["Tensor"], swiftSettings: strict),
    .target(name: "Postgres", dependencies: ["CLibPQ"], swiftSettings: strict),
    .target(name: "HTTPDaemon", dependencies: ["CMicroHTTPD"], swiftSettings: strict),
    .target(
      name: "PrometheusText",
      dependencies: [.product(name: "CoreMetrics", package: "swift-metrics")],
      swiftSettings: strict),

    .target(
      name: "AlignAPI",
      dependencies: [
        "Alignment", "Molecule", "Tensor", "Records", "Digest", "Retrieval", "Postgres",
        "MoEBackbone", "TextEncoder",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
      ], swiftSettings: strict),
    .target(
      name: "HTTPAPI",
      dependencies: [
        "AlignAPI", "Alignment", "Depiction", "Digest", "HTTPDaemon", "MoEBackbone", "Molecule",
        "Postgres", "PrometheusText", "Records", "Retrieval", "Tensor",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
      ], swiftSettings: strict),
    .executableTarget(
      name: "ligature",
      dependencies: [
        "AlignAPI", "Alignment", "Depiction", "Digest", "HTTPAPI", "HTTPDaemon", "Knowledge",
        "Molecule", "PrometheusText", "Records", "Postgres", "Retrieval", "Tensor",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ], swiftSettings: strict),

    .executableTarget(
      name: "chemistry-benchmark",
      dependencies: [
        "Molecule", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/Chemistry", swiftSettings: strict),
    .executableTarget(
      name: "views-benchmark",
      dependencies: [
        "Molecule", "Tensor", "TextEncoder",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/Views", swiftSettings: strict),

    .executableTarget(
      name: "index-write-benchmark",
      dependencies: [
        "AlignAPI", "Postgres", "Records", "Tensor",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/IndexWrite", swiftSettings: strict),
    .executableTarget(
      name: "model-benchmark",
      dependencies: [
        "Alignment", "MoEBackbone", "Molecule", "Records", "Tensor",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/Model", swiftSettings: strict),
    .executableTarget(
      name: "backbone-benchmark", dependencies: ["MoEBackbone", "Tensor"],
      path: "Benchmarks/Backbone", swiftSettings: strict),
    .executableTarget(
      name: "retrieval-benchmark", dependencies: ["Retrieval", "Tensor"],
      path: "Benchmarks/Retrieval", swiftSettings: strict),
    .executableTarget(
      name: "knowledge-benchmark",
      dependencies: [
        "Fusion", "Knowledge", "Records", "Tensor",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/Knowledge", swiftSettings: strict),

    // Tests mirror the sources
    .testTarget(name: "TensorTests", dependencies: ["Tensor"], swiftSettings: strict),
    .testTarget(name: "DigestTests", dependencies: ["Digest"], swiftSettings: strict),
    .testTarget(name: "RecordsTests", dependencies: ["Records"], swiftSettings: strict),
    .testTarget(
      name: "MoleculeTests", dependencies: ["Molecule", "Tensor"],
      resources: [.copy("Golden")], swiftSettings: strict),
    .testTarget(
      name: "DepictionTests", dependencies: ["Depiction", "Molecule"], swiftSettings: strict),
    .testTarget(
      name: "TextEncoderTests", dependencies: ["TextEncoder", "Tensor"], swiftSettings: strict),
    .testTarget(
      name: "MoEBackboneTests", dependencies: ["MoEBackbone", "Tensor"], swiftSettings: strict),
    .testTarget(
      name: "FusionTests", dependencies: ["Fusion", "Tensor"],
      resources: [.copy("Golden")], swiftSettings: strict),
    .testTarget(
      name: "KnowledgeTests",
      dependencies: ["Knowledge", "Tensor", "Records", "TextEncoder", "Digest"],
      swiftSettings: strict),
    .testTarget(
      name: "RetrievalTests", dependencies: ["Retrieval", "Tensor"], swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["Postgres"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .testTarget(
      name: "PostgresTests", dependencies: ["Postgres", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "AlignmentTests",
      dependencies: [
        "Alignment", "Molecule", "Records", "Tensor", "TextEncoder", "Digest", "MoEBackbone",
        "Knowledge",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "AlignAPITests",
      dependencies: [
        "AlignAPI", "Alignment", "Digest", "ModelTestSupport", "Molecule", "Postgres", "Records",
        "Retrieval", "Tensor", "TestSupport", .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: strict),
    .target(
      name: "ModelTestSupport",
      dependencies: [
        "AlignAPI", "Alignment", "MoEBackbone", "Molecule", "Postgres", "Tensor", "TestSupport",
      ],
      path: "Tests/ModelTestSupport", swiftSettings: strict),
    .testTarget(
      name: "HTTPAPITests",
      dependencies: [
        "AlignAPI", "Alignment", "Digest", "HTTPAPI", "HTTPDaemon", "ModelTestSupport", "Molecule",
        "Postgres", "PrometheusText", "Records", "Tensor", "TestSupport",
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: strict),
    .testTarget(
      name: "IntegrationTests",
      dependencies: ["AlignAPI", "Postgres", "Tensor", "TestSupport", "ligature"],
      swiftSettings: strict),
    .testTarget(name: "HTTPDaemonTests", dependencies: ["HTTPDaemon"], swiftSettings: strict),
    .testTarget(
      name: "PrometheusTextTests",
      dependencies: [
        "PrometheusText", .product(name: "CoreMetrics", package: "swift-metrics"),
      ], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
