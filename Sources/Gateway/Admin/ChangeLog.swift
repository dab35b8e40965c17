internal import Foundation
internal import Locks
package import Logging
internal import SoriProtocol

/// What administrators have changed since the server began, for other administrators and for the log.
package final class ChangeLog: Sendable {
    /// Changes that are kept; older ones stand in the log alone.
    private static let kept = 200

    private let changes = Guarded<[AdminChange]>([])
    private let logger: Logger

    package init(logger: Logger) { self.logger = logger }

    /// All that are kept, the newest last.
    var all: [AdminChange] { changes.withLock(\.self) }

    /// - Parameter administrator: names the token with which it was done.
    func add(_ what: String, by administrator: String) {
        logger.notice("changed by an administrator", metadata: ["what": "\(what)", "by": "\(administrator)"])
        let change = AdminChange(at: Date().timeIntervalSince1970, by: administrator, what: what)
        changes.withLock { changes in
            changes.append(change)
            if changes.count > Self.kept { changes.removeFirst() }
        }
    }
}
