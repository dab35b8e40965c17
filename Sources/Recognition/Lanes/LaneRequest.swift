/// Work that lanes do: what one caller asks for, and how an engine does it for one or several callers at once.
///
/// A request goes alone unless it has a ``batchKey``. Then a lane that becomes free may take other waiting requests of
/// the same type and key with it, for instance to run several sessions' tokens through the decoder in one step.
package protocol LaneRequest: Sendable {
    /// What does the work.
    associatedtype Engine
    /// What the caller gets.
    associatedtype Output: Sendable

    /// Requests with equal keys can be done together; `nil` (the default) means alone.
    var batchKey: (any Hashable & Sendable)? { get }

    /// Does the work, on the thread of a lane.
    ///
    /// An item whose flag is raised needs no result: leave it out of further steps and return any failure for it.
    ///
    /// - Parameters:
    ///   - batch: one item, or several with equal keys in the order in which they came.
    ///   - engine: the lane's engine; must not be kept.
    /// - Returns: one result for each item, in the same order.
    /// - Throws: when the whole batch fails; prefer a failed result where only one item is to blame.
    static func perform(_ batch: [LaneItem<Self>], on engine: Engine) throws -> [Result<Output, any Error>]
}

extension LaneRequest {
    package var batchKey: (any Hashable & Sendable)? { nil }
}

/// One request as a lane sees it.
package struct LaneItem<Request: LaneRequest>: Sendable {
    /// What the caller asked for.
    package let request: Request
    /// Raised when the caller no longer wants it.
    package let cancellation: CancellationFlag
}

/// Who goes first when lanes are short.
public enum LanePriority: Sendable, Hashable {
    /// Somebody is waiting for captions. Always goes before background work.
    case live
    /// Nobody minds a little later: long files.
    case background
}
