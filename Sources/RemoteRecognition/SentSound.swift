internal import Recognition

/// What a worker has of each stream after what was sent to it on one connection.
struct SentSound: Sendable {
    /// Streams that are remembered; a worker that has forgotten one asks for its sound.
    private static let most = 2000
    private var windows: [String: Range<Int>] = [:]

    /// Notes a window that is being sent.
    ///
    /// - Returns: position in the stream from which the worker needs it; `nil` for all of it.
    mutating func send(_ request: RecognitionRequest) -> Int? {
        guard let place = request.place else { return nil }
        let window = place.start..<place.start + request.samples.count
        if windows.count >= Self.most, windows[place.stream] == nil { windows.removeAll() }
        let former = windows.updateValue(window, forKey: place.stream)
        guard let former, former.contains(window.lowerBound) else { return nil }
        return min(former.upperBound, window.upperBound)
    }
}
