import Foundation
import Models
import Whisper

extension EngineOptions {
    /// Loads the model on the device.
    func loadModel() throws -> Model {
        let plan = try weightPlan()
        let location = try ModelStore.standard().locate(model)
        return try Model(path: location.path, device: Device.select(device), plan: plan)
    }

    /// Loads another model.
    func loadModel(_ name: String, on device: String) throws -> Model {
        try Model(path: ModelStore.standard().locate(name).path, device: Device.select(device))
    }

    private func weightPlan() throws -> WeightPlan? {
        switch weights {
        case "auto": return nil
        case "exact": return .exact
        default:
            let formats = weights.split(separator: "/").map { WeightPlan.Format(rawValue: String($0)) }
            guard let encoder = formats.first ?? nil, let decoder = formats.last ?? nil, formats.count <= 2 else {
                throw CommandError(
                    "'\(weights)' is no way to store weights; use auto, exact, or one like f16 or bf16/q8_0")
            }
            return WeightPlan(encoder: encoder, decoder: decoder)
        }
    }
}
