/// One attention head of the decoder.
public struct AttentionHead: Sendable, Hashable {
    /// Layer, counted from 0.
    public var layer: Int
    /// Head in the layer, counted from 0.
    public var head: Int

    /// Creates a head's position.
    public init(layer: Int, head: Int) {
        self.layer = layer
        self.head = head
    }
}

extension AttentionHead {
    /// The heads whose cross-attention follows the audio, as OpenAI published them for its models
    /// (`_ALIGNMENT_HEADS` in `whisper/__init__.py`).
    ///
    /// Fine-tuned models have the dimensions of the model they come from, and its heads. Large and large-v2 cannot be told apart;
    /// v2 is meant. For other dimensions all heads of the upper half of the layers are taken, as OpenAI's code does.
    package static func aligning(_ dimensions: Dimensions) -> [AttentionHead] {
        let published = table.first {
            $0.width == dimensions.textState && $0.layers == dimensions.textLayers
                && $0.vocabulary(dimensions.vocabulary)
        }
        if let published { return published.heads.map { AttentionHead(layer: $0.0, head: $0.1) } }
        return (dimensions.textLayers / 2..<dimensions.textLayers).flatMap { layer in
            (0..<dimensions.textHeads).map { AttentionHead(layer: layer, head: $0) }
        }
    }

    private struct Published: Sendable {
        var width: Int
        var layers: Int
        var vocabulary: @Sendable (Int) -> Bool
        var heads: [(Int, Int)]
    }

    private static let english: @Sendable (Int) -> Bool = { $0 < 51_865 }
    private static let multilingual: @Sendable (Int) -> Bool = { $0 == 51_865 }
    /// Large-v3 added Cantonese.
    private static let third: @Sendable (Int) -> Bool = { $0 > 51_865 }

    private static let table = [
        Published(  // tiny.en
            width: 384, layers: 4, vocabulary: english,
            heads: [(1, 0), (2, 0), (2, 5), (3, 0), (3, 1), (3, 2), (3, 3), (3, 4)]),
        Published(  // tiny
            width: 384, layers: 4, vocabulary: multilingual,
            heads: [(2, 2), (3, 0), (3, 2), (3, 3), (3, 4), (3, 5)]),
        Published(  // base.en
            width: 512, layers: 6, vocabulary: english,
            heads: [(3, 3), (4, 7), (5, 1), (5, 5), (5, 7)]),
        Published(  // base
            width: 512, layers: 6, vocabulary: multilingual,
            heads: [(3, 1), (4, 2), (4, 3), (4, 7), (5, 1), (5, 2), (5, 4), (5, 6)]),
        Published(  // small.en
            width: 768, layers: 12, vocabulary: english,
            heads: [
                (6, 6), (7, 0), (7, 3), (7, 8), (8, 2), (8, 5), (8, 7), (9, 0), (9, 4), (9, 8), (9, 10), (10, 0),
                (10, 1), (10, 2), (10, 3), (10, 6), (10, 11), (11, 2), (11, 4),
            ]),
        Published(  // small
            width: 768, layers: 12, vocabulary: multilingual,
            heads: [(5, 3), (5, 9), (8, 0), (8, 4), (8, 7), (8, 8), (9, 0), (9, 7), (9, 9), (10, 5)]),
        Published(  // medium.en
            width: 1024, layers: 24, vocabulary: english,
            heads: [
                (11, 4), (14, 1), (14, 12), (14, 14), (15, 4), (16, 0), (16, 4), (16, 9), (17, 12), (17, 14), (18, 7),
                (18, 10), (18, 15), (20, 0), (20, 3), (20, 9), (20, 14), (21, 12),
            ]),
        Published(  // medium
            width: 1024, layers: 24, vocabulary: multilingual,
            heads: [(13, 15), (15, 4), (15, 15), (16, 1), (20, 0), (23, 4)]),
        Published(  // large-v2
            width: 1280, layers: 32, vocabulary: multilingual,
            heads: [
                (10, 12), (13, 17), (16, 11), (16, 12), (16, 13), (17, 15), (17, 16), (18, 4), (18, 11), (18, 19),
                (19, 11), (21, 2), (21, 3), (22, 3), (22, 9), (22, 12), (23, 5), (23, 7), (23, 13), (25, 5), (26, 1),
                (26, 12), (27, 15),
            ]),
        Published(  // large-v3
            width: 1280, layers: 32, vocabulary: third,
            heads: [
                (7, 0), (10, 17), (12, 18), (13, 12), (16, 1), (17, 14), (19, 11), (21, 4), (24, 1), (25, 6),
            ]),
        Published(  // large-v3-turbo
            width: 1280, layers: 4, vocabulary: third,
            heads: [(2, 4), (2, 11), (3, 3), (3, 6), (3, 11), (3, 14)]),
    ]
}
