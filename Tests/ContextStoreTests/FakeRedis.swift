import Foundation
import Locks

#if canImport(Glibc)
    import Glibc
#endif

/// Something on a port that takes connections, and answers whatever comes with the same bytes.
final class FakeRedis: Sendable {
    let address: String
    private let descriptor: Int32

    /// - Parameters:
    ///   - answer: what is sent when something has come.
    ///   - pause: before each byte of it, in microseconds.
    init(answer: String, pause: UInt32 = 0) throws {
        let port = try RedisServer.freePort()
        address = "redis://127.0.0.1:\(port)"
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        _ = listen(descriptor, 10)
        let bytes = Array(answer.utf8)
        Thread.detachNewThread {
            while true {
                let client = accept(descriptor, nil, nil)
                guard client >= 0 else { return }
                var question = [UInt8](repeating: 0, count: 10_000)
                if read(client, &question, question.count) > 0 {
                    for var byte in bytes {
                        if pause > 0 { usleep(pause) }
                        if Glibc.send(client, &byte, 1, Int32(MSG_NOSIGNAL)) != 1 { break }
                    }
                }
                close(client)
            }
        }
    }

    deinit {
        _ = shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }
}
