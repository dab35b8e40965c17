import Testing
import Whisper

@Suite("A cache of what was used last")
struct RecentlyUsedTests {
    /// A cache that counts what it makes.
    private struct Counting {
        var cache: RecentlyUsed<Int, String>
        var made: [Int] = []

        init(limit: Int) { cache = RecentlyUsed(limit: limit) }

        mutating func get(_ key: Int) -> String {
            cache.value(for: key) {
                made.append(key)
                return "\(key)"
            }
        }
    }

    @Test("makes a value once")
    func once() {
        var counting = Counting(limit: 3)
        #expect([1, 2, 1, 2, 3, 1].map { counting.get($0) } == ["1", "2", "1", "2", "3", "1"])
        #expect(counting.made == [1, 2, 3])
    }

    @Test("drops what was not used for longest")
    func order() {
        var counting = Counting(limit: 2)
        for key in [1, 2, 1, 3] { _ = counting.get(key) }
        #expect(Set(counting.cache.values) == ["1", "3"])
        for key in [1, 3, 2] { _ = counting.get(key) }
        #expect(counting.made == [1, 2, 3, 2])
    }

    @Test("makes anew what is of no use any more")
    func stale() {
        var cache = RecentlyUsed<Int, String>(limit: 1)
        _ = cache.value(for: 1) { "old" }
        #expect(cache.value(for: 1, where: { $0 != "old" }) { "new" } == "new")
        #expect(cache.value(for: 1) { "newer" } == "new")
    }

    @Test("keeps nothing of what could not be made")
    func failure() {
        struct Failed: Error {}
        var cache = RecentlyUsed<Int, String>(limit: 2)
        #expect(throws: Failed.self) { try cache.value(for: 1) { throw Failed() } }
        #expect(cache.value(for: 1) { "made" } == "made")
        cache.removeAll()
        #expect(cache.values.isEmpty)
    }
}

@Suite("Weight plans")
struct WeightPlanTests {
    @Test("are written as the command line takes them")
    func description() {
        #expect(WeightPlan(encoder: .f16, decoder: .f16).description == "f16")
        #expect(WeightPlan(encoder: .bf16, decoder: .q8_0).description == "bf16/q8_0")
        #expect(WeightPlan.Format.allCases.map(\.rawValue).sorted() == ["bf16", "f16", "f32", "q8_0"])
    }

    @Test("for comparisons everything has 32 bits and is as it was trained")
    func exact() {
        #expect(WeightPlan.exact.encoder == .f32)
        #expect(WeightPlan.exact.decoder == .f32)
        #expect(WeightPlan.exact.exactActivation)
        #expect(!WeightPlan.exact.packed)
    }

    @Test("for a CPU the decoder reads as few bytes as it can, and 16 bits do for others")
    func recommended() throws {
        for device in try Device.all() {
            let plan = WeightPlan.recommended(for: device)
            if device.kind == .cpu {
                #expect(plan.decoder == .q8_0)
            } else {
                #expect(plan.encoder == .f16 && plan.decoder == .f16)
            }
        }
    }
}
