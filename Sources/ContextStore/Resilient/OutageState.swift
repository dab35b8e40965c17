/// Whether a store is out of order, and what it has to be told when it is back: values only.
package struct OutageState: Sendable {
    /// What a store does not know yet of a session.
    package enum Debt: Sendable, Hashable {
        /// The newest record, which is in memory.
        case restore
        /// The session is over.
        case remove(Fence)
    }

    /// A debt on its way.
    package struct Due: Sendable, Hashable {
        /// Whose debt it is.
        package let session: String
        /// What it is.
        package let debt: Debt
        fileprivate let number: Int
    }

    private let pauses: ClosedRange<Duration>
    private let limit: Int
    private var pause: Duration
    private var debts: [String: Due] = [:]
    private var nextNumber = 0
    /// Why the store is out of order; `nil` when it works.
    package private(set) var outage: ContextStoreError?

    /// - Parameters:
    ///   - pauses: between two looks whether the store is back: the first, and the longest to which they grow.
    ///   - limit: how many sessions that are over are remembered; of more, the oldest stay in the store until they expire.
    package init(pauses: ClosedRange<Duration>, limit: Int = 10_000) {
        self.pauses = pauses
        self.limit = limit
        pause = pauses.lowerBound
    }

    /// How many sessions the store has to be told of.
    package var debtCount: Int { debts.count }

    /// The store has failed.
    ///
    /// - Returns: whether it worked until now.
    package mutating func failed(_ error: ContextStoreError) -> Bool {
        defer { outage = error }
        return outage == nil
    }

    /// How long to wait before the next look: each time twice as long.
    package mutating func nextPause() -> Duration {
        defer { pause = min(pause * 2, pauses.upperBound) }
        return pause
    }

    /// Notes what the store has to be told later.
    ///
    /// - Returns: `false` if it works (again), and can be told now.
    package mutating func owe(_ debt: Debt, of session: String) -> Bool {
        guard outage != nil else { return false }
        nextNumber += 1
        debts[session] = Due(session: session, debt: debt, number: nextNumber)
        if debts.count > 2 * limit {
            // Half of the room at once, so that this is rare.
            for due in dues.filter({ $0.debt != .restore }).dropLast(limit) { debts[due.session] = nil }
        }
        return true
    }

    /// What the store has to be told, what is owed longest in front.
    package var dues: [Due] { debts.values.sorted { $0.number < $1.number } }

    /// The store has been told, and owes nothing more unless something new has come meanwhile.
    package mutating func settle(_ due: Due) {
        if debts[due.session] == due { debts[due.session] = nil }
    }

    /// The store answers again.
    ///
    /// - Returns: whether it has been told everything, and so is in use again.
    package mutating func recover() -> Bool {
        guard debts.isEmpty else { return false }
        outage = nil
        pause = pauses.lowerBound
        return true
    }
}
