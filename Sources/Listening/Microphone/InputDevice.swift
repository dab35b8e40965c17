/// Something that sound can be recorded from.
package struct InputDevice: Sendable, Equatable {
    /// PortAudio's number of it, which stays the same until devices come or go.
    package let number: Int
    /// The system's name for it.
    package let name: String
    /// What manages it: ALSA, Core Audio, ….
    package let system: String
    /// Whether it is taken when none is named.
    package let isDefault: Bool

    /// Creates a description.
    package init(number: Int, name: String, system: String, isDefault: Bool) {
        self.number = number
        self.name = name
        self.system = system
        self.isDefault = isDefault
    }

    /// The device that a user means.
    ///
    /// - Parameter wanted: its number, its name, or a part of its name that fits no other; case does not count. Without
    ///   it the default is taken.
    package static func choose(_ wanted: String?, among devices: [InputDevice]) throws(SoundError) -> InputDevice {
        guard let first = devices.first else {
            throw SoundError("there is no microphone; plug one in, or name a recording: sori listen talk.flac")
        }
        guard let wanted else { return devices.first(where: \.isDefault) ?? first }
        if let number = Int(wanted), let device = devices.first(where: { $0.number == number }) { return device }
        let name = wanted.lowercased()
        let exact = devices.filter { $0.name.lowercased() == name }
        let matches = exact.isEmpty ? devices.filter { $0.name.lowercased().contains(name) } : exact
        if let device = matches.first, matches.count == 1 { return device }
        throw matches.isEmpty
            ? SoundError("no microphone is called '\(wanted)'; there are \(list(devices))")
            : SoundError("'\(wanted)' fits several microphones: \(list(matches)); give the number")
    }

    private static func list(_ devices: [InputDevice]) -> String {
        devices.map { "\($0.number) (\($0.name))" }.joined(separator: ", ")
    }
}
