internal import SoriProtocol
internal import Streaming

extension AdminCaptions {
    /// - Parameters:
    ///   - settings: those in force.
    ///   - standard: those with which the server began.
    init(_ settings: CaptionSettings, standard: CaptionSettings, detector: Bool) {
        self.init(
            policy: settings.policy.rawValue, standardPolicy: standard.policy.rawValue, detector: detector,
            numbers: CaptionSetting.all.filter(\.isForServers).map { setting in
                Number(
                    name: setting.name, help: setting.help, value: setting.value(in: settings),
                    standard: setting.value(in: standard), least: setting.range.lowerBound,
                    most: setting.range.upperBound, isWhole: setting.isWhole)
            })
    }
}

extension AdminCaptionsChange {
    /// Makes the change.
    ///
    /// - Throws: ``Fault`` for what cannot be taken.
    func apply(to captioning: inout SessionRegistry.Captioning) throws(Fault) {
        if let detector { captioning.usesDetector = detector }
        try apply(to: &captioning.settings)
    }

    private func apply(to settings: inout CaptionSettings) throws(Fault) {
        if let policy {
            guard let known = CaptionSettings.Policy(rawValue: policy) else {
                let names = CaptionSettings.Policy.allCases.map(\.rawValue).joined(separator: ", ")
                throw Fault(message: "'policy' must be one of \(names)")
            }
            settings.policy = known
        }
        for (name, value) in numbers ?? [:] {
            guard let setting = CaptionSetting.named(name), setting.isForServers else {
                throw Fault(message: "there is no such number; see GET /v1/admin/captions")
            }
            guard setting.range.contains(value), !setting.isWhole || value == value.rounded() else {
                let kind = setting.isWhole ? "a whole number from" : "a number from"
                let range = setting.range
                throw Fault(message: "'\(name)' must be \(kind) \(range.lowerBound) to \(range.upperBound)")
            }
            setting.set(value, in: &settings)
        }
        guard settings.windows.slidingOverlap < settings.windows.slidingWindow else {
            throw Fault(message: "'sliding.overlap' must be less than 'sliding.window'")
        }
    }

    /// Why a change cannot be made.
    struct Fault: Error {
        let message: String
    }

    /// What is changed, for the log: `hop 0.7, policy local-agreement`.
    var summary: String {
        var parts = (numbers ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        if let policy { parts.append("policy \(policy)") }
        if let detector { parts.append("detector \(detector ? "on" : "off")") }
        return parts.joined(separator: ", ")
    }
}
