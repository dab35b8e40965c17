import AccessTokens
import CoreMetrics
import Gateway
import PrometheusMetrics
import Recognition
import SoriProtocol
import Testing

@Suite("What a gateway counts", .timeLimit(.minutes(1)))
struct GatewayMetricsTests {
    private let prometheus = PrometheusRegistry(GatewayMetrics.descriptions)

    /// The value of a series, by its name and labels as they are written.
    private func value(_ series: String) -> Double? {
        prometheus.text.split(separator: "\n").first { $0.hasPrefix(series + " ") }
            .flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    @Test("a socket is starting, then open, then over for one reason")
    func sockets() {
        let metrics = GatewayMetrics(factory: prometheus)
        let socket = SocketCount(.listen, metrics)
        #expect(value(#"sori_sockets{endpoint="listen",state="starting"}"#) == 1)
        socket.begin()
        #expect(value(#"sori_sockets{endpoint="listen",state="starting"}"#) == 0)
        #expect(value(#"sori_sockets{endpoint="listen",state="open"}"#) == 1)
        socket.end(.finished)
        socket.end(.left)
        socket.begin()
        #expect(value(#"sori_sockets{endpoint="listen",state="open"}"#) == 0)
        #expect(value(#"sori_sockets_opened_total{endpoint="listen"}"#) == 1)
        #expect(value(#"sori_sockets_closed_total{endpoint="listen",reason="finished"}"#) == 1)
        #expect(value(#"sori_sockets_closed_total{endpoint="listen",reason="left"}"#) == 0)
    }

    @Test("ten thousand sessions are no more series than ten")
    func cardinality() async throws {
        var limits = SessionLimits()
        limits.longestHop = 0
        let metrics = GatewayMetrics(factory: prometheus)
        func serve(_ count: Int) async throws {
            let readiness = Readiness()
            readiness.worked()
            try await withRegistry(readiness, limits: limits, metrics: metrics) { registry in
                for number in 0..<count {
                    let grant = Grant(holder: "holder-\(number)", permission: .speak)
                    let (session, attachment) = try registry.open(.init(language: "ko", prompt: "\(number)"), grant)
                    session.detach(attachment)
                    session.end(.expired)
                    // Others are told that there is no room while it goes.
                    while registry.session(session.id) != nil { await Task.yield() }
                    #expect(throws: RequestFailure.self) {
                        try registry.open(.init(session: "\(number)", resumeToken: "\(number)"), grant)
                    }
                }
            }
        }
        try await serve(10)
        let lines = prometheus.text.split(separator: "\n").count
        try await serve(9990)
        #expect(prometheus.text.split(separator: "\n").count == lines)
        #expect(value("sori_sessions_opened_total") == 10_000 && value("sori_sessions") == 0)
        #expect(value(#"sori_sessions_closed_total{reason="expired"}"#) == 10_000)
        #expect(value(#"sori_sessions_refused_total{reason="session_not_found"}"#) == 10_000)
    }

    @Test("no label may have values without end")
    func bounds() {
        for metric in GatewayMetrics.descriptions { #expect(metric.mostSeries <= 200, "\(metric.name)") }
    }
}
