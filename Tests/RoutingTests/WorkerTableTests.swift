import Recognition
import Routing
import SoriProtocol
import Testing

@Suite("Choosing a worker")
struct WorkerTableTests {
    private let one = WorkerAddress(host: "one", port: 1)
    private let two = WorkerAddress(host: "two", port: 2)
    private let gpu = WorkerAddress(host: "gpu", port: 3)
    private let start = ContinuousClock.now

    private func hello(_ device: String = "CPU", digest: Character = "a", lanes: Int = 2) -> WorkerReply.Hello {
        let model = ModelDescription(
            name: "base", digest: String(repeating: digest, count: 64), vocabulary: 51_865, languages: ["ko"])
        return .init(
            recognizer: .init(
                model: model, device: device, lanes: lanes, costs: .init(window: 0.1, finalSecond: 0.05)),
            requests: 64)
    }

    private func status(ready: Bool = true, busy: Int = 0, queue: Int = 0, reason: String? = nil) -> WorkerStatus {
        WorkerStatus(
            ready: ready, reason: reason, role: "recognizer", model: "base", digest: "", device: "CPU", lanes: 2,
            busy: busy, queue: queue, queueLimit: 64)
    }

    /// Two workers on processors, and one on a GPU where it is wanted.
    private func table(withGPU: Bool = false) -> WorkerTable {
        var table = WorkerTable()
        let all = [one, two] + (withGPU ? [gpu] : [])
        table.found(all)
        for address in all {
            table.opened(address, hello(address == gpu ? "Vulkan0" : "CPU"), at: start)
            table.probed(address, .success(status()), at: start)
        }
        return table
    }

    @Test("nobody is chosen who is not connected, or has not said that it is ready")
    func ready() {
        var table = WorkerTable()
        #expect(table.choose(at: start) == nil && table.unavailableReason(at: start) == "no worker is known")
        table.found([one])
        #expect(table.unavailableReason(at: start) == "one:1: not connected yet")
        table.opened(one, hello(), at: start)
        #expect(table.choose(at: start) == nil)
        table.probed(one, .success(status(ready: false, reason: "the recogniser is being loaded")), at: start)
        #expect(table.unavailableReason(at: start) == "one:1: the recogniser is being loaded")
        table.probed(one, .success(status()), at: start)
        #expect(table.choose(at: start) == one && table.unavailableReason(at: start) == nil)
        table.probed(one, .failure(RoutingError("its /is_ready does not answer")), at: start)
        #expect(table.choose(at: start) == nil)
        table.probed(one, .success(status()), at: start)
        table.lost(one, "the machine is off", at: start)
        #expect(table.unavailableReason(at: start) == "one:1: the machine is off")
        #expect(table.workers[one]?.history.map(\.state) == [.notReady, .ready, .notReady, .ready, .unreachable])
    }

    @Test("windows go where they wait least")
    func leastWait() {
        var table = table()
        let first = table.choose(at: start)
        for _ in 0..<2 { table.began(one) }
        #expect(first == one && table.choose(at: start) == two)
        // What others have sent there counts too.
        table.probed(two, .success(status(busy: 2, queue: 5)), at: start)
        #expect(table.choose(at: start) == one)
        for _ in 0..<2 { table.ended(one, .answered(work: 0.1), at: start) }
        #expect(table.choose(at: start) == one)
    }

    @Test("a GPU goes first, until it is busy, and comes back")
    func gpuFirst() {
        var table = table(withGPU: true)
        #expect(table.choose(at: start) == gpu)
        for _ in 0..<8 { table.began(gpu) }
        #expect(table.choose(at: start) == one)
        for _ in 0..<8 { table.ended(gpu, .answered(work: 0.01), at: start) }
        #expect(table.choose(at: start) == gpu)
        table.lost(gpu, "gone", at: start)
        #expect(table.choose(at: start) == one)
        table.opened(gpu, hello("Vulkan0"), at: start)
        #expect(table.choose(at: start) == gpu)
    }

    @Test("modes say which devices are used")
    func modes() {
        var table = table(withGPU: true)
        table.mode = .cpu
        #expect(table.choose(at: start) == one)
        table.mode = .gpu
        #expect(table.choose(at: start) == gpu && table.choose(excluding: [gpu], at: start) == nil)
        table.found([one, two])
        #expect(table.unavailableReason(at: start) == "no worker of the mode 'gpu' is ready")
    }

    @Test("who fails is left alone for a growing time, and one answer makes it good")
    func rest() {
        var table = table()
        var pauses: [Duration] = []
        var now = start
        for _ in 0..<8 {
            table.began(one)
            table.ended(one, .failed("the device is gone"), at: now)
            #expect(table.choose(at: now) == two && table.choose(excluding: [two], at: now) == nil)
            let next = table.nextChange(after: now) ?? now
            pauses.append(next - now)
            now = next
            #expect(table.choose(excluding: [two], at: now) == one)
        }
        #expect(pauses.map { $0 / .seconds(1) } == [0.5, 1, 2, 4, 8, 16, 30, 30])
        table.began(one)
        table.ended(one, .answered(work: 0.1), at: now)
        table.began(one)
        table.ended(one, .failed("again"), at: now)
        #expect(table.nextChange(after: now) == now + .seconds(0.5))
    }

    @Test("requests that were taken back, or make no sense, are nobody's fault")
    func neither() {
        var table = table()
        for _ in 0..<20 {
            table.began(one)
            table.ended(one, .neither, at: start)
        }
        #expect(table.choose(at: start) == one && table.workers[one]?.failed == 0)
        table.began(one)
        table.ended(one, .refused(retryAfter: nil), at: start)
        #expect(table.choose(at: start) == two && table.choose(at: start + .seconds(0.3)) == one)
    }

    @Test(
        "a worker whose queue is full rests as long as it says, within bounds",
        arguments: [(0.01, 0.2), (1, 1), (60, 2)])
    func full(says: Double, rests: Double) {
        var table = table()
        table.began(one)
        table.ended(one, .refused(retryAfter: .seconds(says)), at: start)
        #expect(table.choose(at: start + .seconds(rests - 0.01)) == two)
        #expect(table.choose(at: start + .seconds(rests + 0.01)) == one)
    }

    @Test("another model is never mixed in, also when it comes first again")
    func otherModel() {
        var table = table()
        table.opened(two, hello(digest: "b"), at: start)
        #expect(table.workers[two]?.state(at: start) == .refused)
        #expect(table.choose(excluding: [one], at: start) == nil)
        table.lost(one, "gone", at: start)
        #expect(table.choose(at: start) == nil)
        #expect(table.unavailableReason(at: start)?.contains("bbbbbbbb") == true)
        table.lost(two, "gone", at: start)
        table.opened(two, hello(), at: start)
        #expect(table.choose(at: start) == two)
    }

    @Test("a drained worker gets nothing more until it is wanted again")
    func drained() {
        var table = table()
        table.drain(one, true, at: start)
        #expect(table.choose(at: start) == two && table.workers[one]?.unavailableReason(at: start) == "it is drained")
        table.drain(one, false, at: start)
        #expect(table.choose(at: start) == one)
    }

    @Test("what all can do together is what those who are ready can do")
    func capacity() {
        var table = table(withGPU: true)
        #expect(table.capacity(at: start)?.lanes == 6)
        table.lost(gpu, "gone", at: start)
        #expect(table.capacity(at: start)?.lanes == 4 && table.capacity(at: start)?.costs.window == 0.1)
        for address in [one, two] { table.lost(address, "gone", at: start) }
        #expect(table.capacity(at: start) == nil)
    }
}

@Suite("Addresses of workers")
struct WorkerAddressTests {
    @Test(
        "are taken as people write them",
        arguments: [
            ("gpu1:8090", "ws://gpu1:8090/v1/detect", "http://gpu1:8090/is_ready"),
            ("ws://10.0.0.7:8090", "ws://10.0.0.7:8090/v1/detect", "http://10.0.0.7:8090/is_ready"),
            ("http://[::1]:8090/", "ws://[::1]:8090/v1/detect", "http://[::1]:8090/is_ready"),
            (
                "wss://captions.example.org", "wss://captions.example.org:443/v1/detect",
                "https://captions.example.org:443/is_ready"
            ),
        ])
    func good(text: String, socket: String, page: String) throws {
        let address = try WorkerAddress(text)
        #expect(address.socket("/v1/detect") == socket && address.page("/is_ready") == page)
    }

    @Test(
        "and refused in one line where they are none",
        arguments: ["", "gpu1", "gpu1:0", "gpu1:99999", "ftp://gpu1:1", "ws://gpu1:1/v1/recognize", "a b:1", ":8090"])
    func bad(text: String) {
        let error = #expect(throws: RoutingError.self) { try WorkerAddress(text) }
        #expect(error?.message.contains("write it like localhost:8090") == true)
    }
}
