internal import Foundation

/// What a process has used so far; nothing where the system does not tell (proc(5)).
package struct ProcessUsage: Sendable {
    /// Seconds of all its threads.
    package var cpuSeconds = 0.0
    /// Bytes in physical memory now.
    package var resident = 0
    package var threads = 0
    /// Files, sockets and the like.
    package var openFiles = 0

    /// - Parameter process: its number, or `self`.
    package init(of process: String = "self") {
        // The second number of statm is resident pages.
        if let pages = Self.fields("/proc/\(process)/statm").dropFirst().first.flatMap({ Int($0) }) {
            resident = pages * Int(sysconf(Int32(_SC_PAGESIZE)))
        }
        // The name in parentheses may have spaces in it; the 12th and 13th number after it are ticks of user and system time.
        let stat = Self.fields("/proc/\(process)/stat")
        if let name = stat.lastIndex(where: { $0.hasSuffix(")") }) {
            let ticks = stat[(name + 1)...].dropFirst(11).prefix(2).compactMap { Double($0) }.reduce(0, +)
            cpuSeconds = ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
            // The 18th number is that of threads.
            threads = stat[(name + 1)...].dropFirst(17).first.flatMap { Int($0) } ?? 0
        }
        openFiles = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd"))?.count ?? 0
    }

    private static func fields(_ path: String) -> [Substring] {
        (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: " ") ?? []
    }
}
