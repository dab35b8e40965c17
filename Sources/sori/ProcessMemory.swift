import Foundation

/// Memory of this process.
enum ProcessMemory {
    /// Bytes in physical memory now; 0 where the system does not tell.
    static func resident() -> Int {
        // The second number of statm is resident pages.
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
