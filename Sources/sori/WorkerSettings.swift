import Gateway

/// What a worker can be told, by flag or environment.
struct WorkerSettings: Sendable {
    var role: WorkerCommand.Role
    var device = "auto"
    var model: String
    /// Windows worked on at the same time; 0 for one for each core, and one on a GPU.
    var lanes = 0
    /// Requests that may wait for a lane.
    var queue = 64
    var host = "localhost"
    var port: Int
    /// The token that gateways must have.
    var token: String?
    /// Whether every gateway may use it that reaches an address beyond this machine.
    var isOpen = false
    /// What TLS needs; without it there is none.
    var tls = TLSSettings()
    var log = LogSettings()

    /// - Throws: ``SettingError`` for a value that cannot be read.
    init(_ role: WorkerCommand.Role, _ reader: inout SettingsReader) throws {
        self.role = role
        model = role == .recognizer ? "base" : "tiny.en"
        port = role == .recognizer ? 8090 : 8091
        try reader.text("host", "address to listen on; localhost is 127.0.0.1 and ::1", &host)
        try reader.number("port", "port to listen on; 0 takes any free one", &port, in: 0...65_535)
        try reader.text("model", "model, see `sori models list`", &model)
        try reader.text("device", "where to compute: auto, cpu, gpu, or a device of `sori doctor`", &device)
        try reader.number(
            "lanes", "windows worked on at the same time; 0: one for each core, 1 on a GPU", &lanes, in: 0...256)
        try reader.number("queue", "requests that may wait for a lane; more are refused", &queue, in: 1...100_000)
        try reader.text("token", "token that gateways must have", &token, isSecret: true)
        try reader.flag("open", "listens beyond this machine without a token: everybody may use it", &isOpen)
        try tls.read(&reader)
        try log.read(&reader)
    }
}
