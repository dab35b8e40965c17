import Measuring
import Testing

@Suite("The best of several settings")
struct ParetoTests {
    private func mark(_ name: String, _ latency: Double, _ errors: Double) -> ParetoPlot.Mark {
        ParetoPlot.Mark(name: name, latency: latency, errors: errors)
    }

    @Test("what another one beats in both is not among them")
    func front() {
        let marks = [
            mark("slow and right", 3, 0.05), mark("beaten", 2.5, 0.2), mark("quick and wrong", 1, 0.3),
            mark("between", 2, 0.1), mark("as right and slower", 4, 0.05),
        ]
        #expect(ParetoPlot.front(marks).map(\.name) == ["quick and wrong", "between", "slow and right"])
        #expect(ParetoPlot.front([]).isEmpty)
    }
}
