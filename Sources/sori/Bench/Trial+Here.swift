import Foundation
import Measuring

extension Trial {
    /// A trial on this machine that begins now.
    static func here(_ system: String, model: String, sessions: Int, settings: [String: String] = [:]) -> Trial {
        Trial(
            system: system, model: model, sessions: sessions, date: Date.now.formatted(.iso8601), machine: .here,
            command: (["sori"] + CommandLine.arguments.dropFirst()).joined(separator: " "), settings: settings)
    }
}

extension Trial.Machine {
    /// This machine.
    static var here: Trial.Machine {
        let information = ProcessInfo.processInfo
        return Trial.Machine(
            processor: processor ?? "unknown processor", cores: information.activeProcessorCount,
            system: information.operatingSystemVersionString)
    }

    private static var processor: String? {
        #if os(macOS)
            var size = 0
            sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
            var name = [CChar](repeating: 0, count: size)
            guard size > 0, sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0) == 0 else { return nil }
            return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #else
            let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
            return text?.split(separator: "\n").first { $0.hasPrefix("model name") }?
                .split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
        #endif
    }
}
