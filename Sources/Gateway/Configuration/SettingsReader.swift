package import Configuration

/// Why settings cannot be used.
package struct SettingError: Error, Sendable, CustomStringConvertible {
    /// One line: the setting, where it comes from, and what it may be.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// Reads settings from providers in the order of their precedence, and remembers where each came from.
///
/// A value that is there but cannot be read is an error: falling back to the default would do something else than what
/// was asked for, and not say so.
package struct SettingsReader {
    /// A setting as it is in force.
    package struct Effective: Sendable {
        package var key: String
        package var value: String
        /// `flag`, `environment`, a file's name, or `default`.
        package var source: String
        /// What it may be.
        package var allowed: String
        /// What it means, and what it is measured in.
        package var help: String
    }

    private let providers: [(name: String, provider: any ConfigProvider)]
    /// All settings that were read, in their order.
    package private(set) var effective: [Effective] = []

    /// - Parameter providers: those that come first win; their names are shown to people.
    package init(_ providers: [(name: String, provider: any ConfigProvider)]) {
        self.providers = providers
    }

    package mutating func text(
        _ key: String, _ help: String, _ value: inout String, isSecret: Bool = false
    ) throws {
        try read(key, help, &value, isSecret: isSecret, show: { $0 }, allowed: "a text") { $0.isEmpty ? nil : $0 }
    }

    package mutating func text(
        _ key: String, _ help: String, _ value: inout String?, isSecret: Bool = false
    ) throws {
        try read(key, help, &value, isSecret: isSecret, show: { $0 ?? "" }, allowed: "a text") {
            .some($0.isEmpty ? nil : $0)
        }
    }

    package mutating func number(
        _ key: String, _ help: String, _ value: inout Int, in range: ClosedRange<Int>
    ) throws {
        let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        try read(key, help, &value, show: { "\($0)" }, allowed: allowed) {
            Int($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    package mutating func number(
        _ key: String, _ help: String, _ value: inout Double, in range: ClosedRange<Double>
    ) throws {
        let allowed = "a number from \(range.lowerBound) to \(range.upperBound)"
        try read(key, help, &value, show: { "\($0)" }, allowed: allowed) {
            Double($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    package mutating func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ key: String, _ help: String, _ value: inout Value
    ) throws {
        let allowed = "one of " + Value.allCases.map(\.rawValue).joined(separator: ", ")
        try read(key, help, &value, show: { $0.rawValue }, allowed: allowed) { Value(rawValue: $0) }
    }

    package mutating func flag(_ key: String, _ help: String, _ value: inout Bool) throws {
        try read(key, help, &value, show: { "\($0)" }, allowed: "true or false") { Bool($0) }
    }

    package mutating func list(_ key: String, _ help: String, _ value: inout [String]) throws {
        try read(key, help, &value, show: { $0.joined(separator: ",") }, allowed: "a list") { text in
            text.split(separator: ",").map { String($0.drop { $0 == " " }) }
        }
    }

    /// Reads a value of any kind.
    ///
    /// - Parameters:
    ///   - allowed: what it may be, for people.
    ///   - parse: reads it; `nil` when that cannot be done.
    mutating func value<Value>(
        _ key: String, _ help: String, _ value: inout Value, show: (Value) -> String, allowed: String,
        parse: (String) -> Value?
    ) throws {
        try read(key, help, &value, show: show, allowed: allowed, parse: parse)
    }

    private mutating func read<Value>(
        _ key: String, _ help: String, _ value: inout Value, isSecret: Bool = false, show: (Value) -> String,
        allowed: String, parse: (String) -> Value?
    ) throws {
        var source = "default"
        for (name, provider) in providers {
            guard let found = try lookUp(key, in: provider, named: name) else { continue }
            guard let parsed = parse(found) else {
                let shown = isSecret ? "its value" : "'\(found.prefix(60))'"
                throw SettingError("'\(key)' must be \(allowed); \(shown) from the \(name) is not")
            }
            value = parsed
            source = name
            break
        }
        let shown = show(value)
        effective.append(
            Effective(
                key: key, value: isSecret && !shown.isEmpty ? "••••" : shown, source: source, allowed: allowed,
                help: help))
    }

    private func lookUp(_ key: String, in provider: any ConfigProvider, named name: String) throws -> String? {
        let key = AbsoluteConfigKey(key.split(separator: ".").map(String.init))
        do {
            guard let found = try provider.value(forKey: key, type: .string).value else { return nil }
            if case .string(let text) = found.content { return text }
        } catch {
            // A list in a file is no text.
            if let found = try? provider.value(forKey: key, type: .stringArray).value,
                case .stringArray(let items) = found.content
            {
                return items.joined(separator: ",")
            }
            throw SettingError("'\(key)' from the \(name) must be one value or a list of values")
        }
        return nil
    }
}
