internal import Locks

/// Work that can be taken back one by one, by its number: its task is cancelled.
package final class Withdrawals: Sendable {
    private let open = Guarded<[Int: AsyncStream<Never>.Continuation]>([:])

    /// Work that can be taken back from now on, also before it is begun.
    package struct Ticket: Sendable {
        fileprivate let number: Int
        fileprivate let withdrawn: AsyncStream<Never>
        fileprivate let owner: Withdrawals
    }

    package init() {}

    /// How many are not done.
    package var count: Int { open.withLock(\.count) }

    /// Makes work known; it has to be done with ``Ticket/result(of:)``.
    ///
    /// - Returns: `nil` when work with this number is not done yet.
    package func begin(_ number: Int) -> Ticket? {
        let (withdrawn, withdrawal) = AsyncStream.makeStream(of: Never.self)
        let isNew = open.withLock { open in
            if open[number] != nil { return false }
            open[number] = withdrawal
            return true
        }
        return isNew ? Ticket(number: number, withdrawn: withdrawn, owner: self) : nil
    }

    /// Takes work back; nothing happens when it is done, or not known.
    package func withdraw(_ number: Int) { open.withLock { $0[number] }?.finish() }

    fileprivate func end(_ number: Int) { open.withLock { $0[number] = nil } }
}

extension Withdrawals.Ticket {
    /// Does the work. Where it is taken back first, the body is cancelled, and what it then says is the result.
    package func result<Value: Sendable>(
        of body: @escaping @Sendable () async throws(RecognitionError) -> Value
    ) async -> Result<Value, RecognitionError> {
        defer { owner.end(number) }
        return await withTaskGroup(of: Result<Value, RecognitionError>?.self) { group in
            group.addTask { await Result(body) }
            group.addTask {
                for await _ in withdrawn {}
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            // Where it was taken back first, the body says that it was cancelled, or has just been done.
            let second = await group.next() ?? nil
            return first ?? second ?? .failure(.cancelled)
        }
    }
}

extension Result {
    /// What `body` returns, or why not.
    package init(_ body: () async throws(Failure) -> Success) async {
        do throws(Failure) {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
