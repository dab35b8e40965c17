import WhisperText

/// Reads a mapped file from front to back. Every read is checked against the file's end.
struct ByteReader {
    let file: MappedFile
    private(set) var offset = 0

    init(_ file: MappedFile) { self.file = file }

    var isAtEnd: Bool { offset >= file.count }

    /// The next little-endian number; `part` names what is read, should the file end before.
    mutating func next<Integer: FixedWidthInteger>(
        _: Integer.Type, of part: String
    ) throws(WhisperError) -> Integer {
        let value: Integer = try file.integer(at: offset, of: part)
        offset += MemoryLayout<Integer>.size
        return value
    }

    /// The next `count` bytes.
    mutating func bytes(_ count: Int, of part: String) throws(WhisperError) -> [UInt8] {
        try file.check(offset: offset, count: count, in: part)
        defer { offset += count }
        return file.withBytes(at: offset, count: count) { Array($0) }
    }

    /// The next `count` bytes as text.
    mutating func text(_ count: Int, of part: String) throws(WhisperError) -> String {
        guard let text = String(validating: try bytes(count, of: part), as: UTF8.self) else {
            throw .damaged(file.path, "\(part) is not text")
        }
        return text
    }

    /// Passes over `count` bytes.
    mutating func skip(_ count: Int, of part: String) throws(WhisperError) {
        try file.check(offset: offset, count: count, in: part)
        offset += count
    }
}
