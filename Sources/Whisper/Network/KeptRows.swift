/// Rows of a cache while another window uses it: for every layer and head its keys or values, one row after the other.
package struct KeptRows: Sendable, Equatable {
    private(set) var blocks: [[UInt8]]
    /// Bytes of a row in a block.
    private let rowBytes: Int

    /// - Parameters:
    ///   - blocks: one for each layer and head.
    ///   - rowBytes: bytes of a row in a block.
    package init(blocks: [[UInt8]], rowBytes: Int) {
        self.blocks = blocks
        self.rowBytes = rowBytes
    }

    /// Bytes in memory.
    var bytes: Int { blocks.reduce(0) { $0 + $1.count } }

    /// Puts newer rows in the place of those from one on.
    mutating func replace(from row: Int, with newer: KeptRows) {
        for index in blocks.indices {
            blocks[index].removeLast(max(0, blocks[index].count - row * rowBytes))
            blocks[index] += newer.blocks[index]
        }
    }
}
