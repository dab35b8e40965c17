import Audio
import Foundation
import Testing
import Whisper
import WhisperRecognition
import WhisperText

/// Everything that is compared with faster-whisper. One suite after the other, since each uses two cores.
@Suite("Reference", .serialized)
enum ReferenceTests {}

/// Work that is shared among two lanes with a thread each, so that it neither waits for tests nor keeps them waiting.
struct ReferenceLanes {
    private let lanes: LanePool<Transcriber>

    /// Loads a model.
    init(model name: String = "base", plan: WeightPlan?) throws {
        let model = try Model(path: InstalledModels.path(name), device: .select("cpu"), plan: plan)
        lanes = try LanePool(name: "reference", count: 2, queueLimit: 10_000) { try Transcriber(model: model) }
    }

    /// Results in the order of the items.
    func map<Item: Sendable, Output: Sendable>(
        _ items: [Item], _ body: @escaping @Sendable (Item, Transcriber) throws -> Output
    ) async throws -> [Output] {
        try await withThrowingTaskGroup(of: (Int, Output).self) { group in
            for (index, item) in items.enumerated() {
                group.addTask {
                    (index, try await lanes.submit { engine, _ in try body(item, engine) })
                }
            }
            let results = try await group.reduce(into: []) { $0.append($1) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}

extension DecodingOptions {
    /// As the reference decodes: 30 s, no second try, nothing thrown away.
    static func reference(language: String, timestamps: Bool) -> DecodingOptions {
        var options = DecodingOptions()
        options.language = language
        options.timestamps = timestamps
        options.temperatures = [0]
        options.compressionRatioThreshold = nil
        options.logProbabilityThreshold = nil
        options.noSpeechThreshold = nil
        options.conditionOnPreviousText = false
        options.margin = nil
        return options
    }
}

/// Says in the tests' output what was measured, at once.
func report(_ figures: String) {
    FileHandle.standardOutput.write(Data("reference: \(figures)\n".utf8))
}

extension Double {
    /// With three digits after the point.
    var short: String { String(format: "%.3f", self) }
    /// As per cent with two digits after the point.
    var percent: String { String(format: "%.2f %%", 100 * self) }
}
