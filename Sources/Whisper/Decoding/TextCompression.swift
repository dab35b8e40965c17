internal import CZlib

/// How much a text repeats itself.
package enum TextCompression {
    /// Bytes of the text in UTF-8 over bytes when compressed by zlib; 0 for no text.
    package static func ratio(of text: String) -> Float {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return 0 }
        var size = compressBound(UInt(bytes.count))
        var compressed = [UInt8](repeating: 0, count: Int(size))
        guard compress(&compressed, &size, bytes, UInt(bytes.count)) == Z_OK else { return 0 }
        return Float(bytes.count) / Float(size)
    }
}
