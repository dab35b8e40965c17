import ContextStore
import Testing

@Suite("The state of an outage")
struct OutageStateTests {
    private let error = ContextStoreError(.unreachable, "gone")
    private let pauses: ClosedRange<Duration> = .seconds(1)...(.seconds(5))

    @Test("nothing is owed while the store works")
    func working() {
        var state = OutageState(pauses: pauses)
        let isOwed = state.owe(.restore, of: "a")
        #expect(!isOwed)
        #expect(state.dues.isEmpty && state.outage == nil)
    }

    @Test("begins once, and ends when everything is told")
    func course() {
        var state = OutageState(pauses: pauses)
        let begins = [state.failed(error), state.failed(ContextStoreError(.loading, "still"))]
        #expect(begins == [true, false])
        #expect(state.outage?.code == .loading)
        let isOwed = [state.owe(.restore, of: "a"), state.owe(.restore, of: "b")]
        #expect(isOwed == [true, true])
        let isBackEarly = state.recover()
        #expect(!isBackEarly)
        let dues = state.dues
        #expect(dues.map(\.session) == ["a", "b"])
        for due in dues { state.settle(due) }
        let isBack = state.recover()
        #expect(isBack && state.outage == nil)
    }

    @Test("what comes while the store is being told is told, too")
    func meanwhile() {
        var state = OutageState(pauses: pauses)
        _ = state.failed(error)
        _ = state.owe(.restore, of: "a")
        let first = state.dues
        _ = state.owe(.remove(Fence(7)), of: "a")
        for due in first { state.settle(due) }
        let isBackEarly = state.recover()
        #expect(!isBackEarly)
        #expect(state.dues.map(\.debt) == [.remove(Fence(7))])
        for due in state.dues { state.settle(due) }
        let isBack = state.recover()
        #expect(isBack)
    }

    @Test("pauses grow to a limit, and begin anew with the next outage")
    func growing() {
        var state = OutageState(pauses: pauses)
        _ = state.failed(error)
        let lengths = (0..<4).map { _ in state.nextPause() }
        #expect(lengths == [1, 2, 4, 5].map { .seconds($0) })
        _ = state.recover()
        let next = state.nextPause()
        #expect(next == .seconds(1))
    }

    @Test("of sessions that are over, not too many are remembered")
    func bounds() {
        var state = OutageState(pauses: pauses, limit: 10)
        _ = state.failed(error)
        _ = state.owe(.restore, of: "kept")
        for number in 0..<1000 { _ = state.owe(.remove(Fence(1)), of: "\(number)") }
        #expect(state.debtCount <= 21)
        #expect(state.dues.first?.session == "kept")
        #expect(state.dues.last?.session == "999")
    }
}
