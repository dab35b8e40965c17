// swift-tools-version: 6.2
import PackageDescription

/// Every target is compiled alike.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
    .enableUpcomingFeature("ExistentialAny"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
    .enableUpcomingFeature("MemberImportVisibility"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
    .enableUpcomingFeature("InternalImportsByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0461-async-function-isolation.md
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "sori",
    platforms: [.macOS("15.4")],
    products: [
        .library(name: "Audio", targets: ["Audio"]),
        .library(name: "WhisperText", targets: ["WhisperText"]),
        .library(name: "Whisper", targets: ["Whisper"]),
        .library(name: "Recognition", targets: ["Recognition"]),
        .library(name: "WhisperRecognition", targets: ["WhisperRecognition"]),
        .executable(name: "sori", targets: ["sori"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-async-algorithms", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0",
            traits: [.defaults, "YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.5.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // System libraries: a module map and a shim header, nothing else.
        .systemLibrary(name: "CGGML", pkgConfig: "ggml", providers: [.brew(["ggml"])]),
        .systemLibrary(name: "CDNNL", providers: [.apt(["libdnnl-dev"])]),
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"]), .brew(["hiredis"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(
            name: "CMpg123", pkgConfig: "libmpg123", providers: [.apt(["libmpg123-dev"]), .brew(["mpg123"])]),
        .systemLibrary(name: "CPortAudio", providers: [.apt(["portaudio19-dev"]), .brew(["portaudio"])]),
        .systemLibrary(
            name: "CSndFile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"]), .brew(["libsndfile"])]),
        .systemLibrary(
            name: "CSpeexDSP", pkgConfig: "speexdsp", providers: [.apt(["libspeexdsp-dev"]), .brew(["speexdsp"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),

        .target(name: "Audio", dependencies: ["CMpg123", "CSndFile", "CSpeexDSP"], swiftSettings: settings),
        .target(name: "Locks", swiftSettings: settings),
        .target(name: "SeededRandom", swiftSettings: settings),
        .target(
            name: "WhisperText", dependencies: [.product(name: "HeapModule", package: "swift-collections")],
            swiftSettings: settings),
        .target(
            name: "Whisper",
            dependencies: [
                "CGGML", "CZlib", "SeededRandom", "WhisperText",
                .target(name: "CDNNL", condition: .when(platforms: [.linux])),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(name: "Recognition", dependencies: ["Locks", "WhisperText"], swiftSettings: settings),
        .target(
            name: "WhisperRecognition",
            dependencies: [
                "Locks", "Recognition", "Whisper", "WhisperText", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        .target(
            name: "Models",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: settings),
        .target(name: "SoriProtocol", dependencies: ["Recognition"], swiftSettings: settings),
        .target(name: "Streaming", dependencies: ["Recognition", "WhisperText"], swiftSettings: settings),
        .target(
            name: "PrometheusMetrics",
            dependencies: ["Locks", .product(name: "CoreMetrics", package: "swift-metrics")],
            swiftSettings: settings),
        .target(
            name: "WebSockets",
            dependencies: [
                "Locks",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCertificateReloading", package: "swift-nio-extras"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .target(
            name: "Worker",
            dependencies: [
                "Locks", "PrometheusMetrics", "Recognition", "SoriProtocol", "WebSockets", "WhisperText",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .target(
            name: "RemoteRecognition",
            dependencies: [
                "Locks", "Recognition", "SoriProtocol", "WebSockets",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .target(
            name: "Routing",
            dependencies: [
                "Locks", "PrometheusMetrics", "Recognition", "RemoteRecognition", "SoriProtocol", "WebSockets",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .target(name: "ContextStore", dependencies: ["CHiredis", "Locks"], swiftSettings: settings),
        .target(
            name: "AccessTokens",
            dependencies: [
                "Locks", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(
            name: "Gateway",
            dependencies: [
                "AccessTokens", "Audio", "ContextStore", "Locks", "OBS", "PrometheusMetrics", "Recognition", "Routing",
                "SoriProtocol", "Streaming", "WebSockets", "WhisperText", "Worker",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings),
        .target(
            name: "Listening",
            dependencies: [
                "Audio", "CPortAudio", "Locks", "SoriProtocol", "Subtitles", "WebSockets", "WhisperText",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings),
        .target(
            name: "OBS",
            dependencies: [
                "Locks", "SoriProtocol", "Terminal", "WebSockets",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(name: "Scoring", swiftSettings: settings),
        .target(
            name: "Measuring", dependencies: ["Audio", "Scoring", "WhisperText"], swiftSettings: settings),
        .target(name: "Terminal", swiftSettings: settings),
        .target(name: "Subtitles", dependencies: ["Streaming", "Terminal", "WhisperText"], swiftSettings: settings),
        .executableTarget(
            name: "sori",
            dependencies: [
                "AccessTokens", "Audio", "CMalloc", "ContextStore", "Gateway", "Listening", "Measuring", "Models",
                "OBS", "PrometheusMetrics", "Recognition", "Routing", "Scoring", "SoriProtocol", "Streaming",
                "Subtitles", "Terminal", "WebSockets", "Whisper", "WhisperRecognition", "WhisperText", "Worker",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),

        // Stands in for a recogniser and a detector, and says what every one of them has to do. Only for tests.
        .target(
            name: "SoriTesting",
            dependencies: [
                "ContextStore", "Locks", "PrometheusMetrics", "Recognition", "WebSockets", "WhisperText", "Worker",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),

        // Measures a gateway, see `Benchmarks/run gateway`.
        .executableTarget(
            name: "GatewayLoad",
            dependencies: [
                "Listening", "Locks", "Recognition", "SoriProtocol", "SoriTesting", "WebSockets", "WhisperText",
                "Worker",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Benchmarks/GatewayLoad", swiftSettings: settings),

        .testTarget(name: "AudioTests", dependencies: ["Audio", "CSndFile"], swiftSettings: settings),
        .testTarget(
            name: "WhisperTests",
            dependencies: [
                "Audio", "CGGML", "Recognition", "Scoring", "SeededRandom", "Whisper", "WhisperRecognition",
                "WhisperText",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "RecognitionTests", dependencies: ["Recognition", "SoriTesting", "WhisperText"],
            swiftSettings: settings),
        .testTarget(
            name: "WhisperRecognitionTests",
            dependencies: [
                "Audio", "Locks", "Recognition", "SeededRandom", "SoriTesting", "Whisper", "WhisperRecognition",
                "WhisperText",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ModelsTests",
            dependencies: [
                "Models",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(name: "ScoringTests", dependencies: ["Scoring", "SeededRandom"], swiftSettings: settings),
        .testTarget(
            name: "MeasuringTests", dependencies: ["Measuring", "Scoring", "WhisperText"],
            swiftSettings: settings),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal"], swiftSettings: settings),
        .testTarget(
            name: "SubtitlesTests", dependencies: ["Subtitles", "Terminal", "WhisperText"], swiftSettings: settings),
        .testTarget(
            name: "PrometheusMetricsTests",
            dependencies: ["PrometheusMetrics", .product(name: "CoreMetrics", package: "swift-metrics")],
            swiftSettings: settings),
        .testTarget(
            name: "WebSocketsTests",
            dependencies: [
                "SeededRandom", "WebSockets",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ListeningTests",
            dependencies: [
                "Audio", "Listening", "SeededRandom", "SoriProtocol", "WebSockets", "WhisperText",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ContextStoreTests", dependencies: ["CHiredis", "ContextStore", "Locks", "SoriTesting"],
            swiftSettings: settings),
        .testTarget(
            name: "AccessTokensTests",
            dependencies: [
                "AccessTokens", .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "WorkerTests",
            dependencies: [
                "Locks", "PrometheusMetrics", "Recognition", "RemoteRecognition", "SoriProtocol", "SoriTesting",
                "WhisperText", "Worker",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "RoutingTests",
            dependencies: [
                "Locks", "Recognition", "Routing", "SoriProtocol", "SoriTesting", "Worker",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(name: "OBSTests", dependencies: ["OBS", "SoriProtocol"], swiftSettings: settings),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "AccessTokens", "ContextStore", "Gateway", "Locks", "Recognition", "Routing", "SeededRandom",
                "SoriProtocol",
                "SoriTesting",
                "Streaming", "WebSockets", "WhisperText", "Worker",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "StreamingTests", dependencies: ["Recognition", "SeededRandom", "Streaming", "WhisperText"],
            swiftSettings: settings),
        .testTarget(name: "SoriProtocolTests", dependencies: ["SoriProtocol"], swiftSettings: settings),
        .testTarget(
            name: "IntegrationTests", dependencies: ["Audio", "Scoring"], swiftSettings: settings),
    ]
)

// The documentation tool is not for those who only build.
if Context.environment["SORI_DOCS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}

// Benchmarks of the hot paths: neither are they for those who only build.
if Context.environment["SORI_BENCHMARKS"] != nil {
    // Its traits count allocations with libraries that have to be loaded first; only time and instructions are wanted.
    package.dependencies.append(
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.0", traits: []))
    package.targets.append(
        .executableTarget(
            name: "HotPaths",
            dependencies: [
                "Gateway", "Models", "PrometheusMetrics", "Recognition", "Routing", "SoriProtocol", "Streaming",
                "WebSockets", "Whisper", "WhisperRecognition", "WhisperText", "Worker",
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Benchmarks/HotPaths", swiftSettings: settings,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]))
}
