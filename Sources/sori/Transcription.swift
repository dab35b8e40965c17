import Audio
import Foundation
import Recognition
import Streaming
import Synchronization
import Terminal
import Whisper
import WhisperRecognition
import WhisperText

/// Writes down several recordings side by side.
struct Transcription: Sendable {
    let files: [String]
    let options: DecodingOptions
    let laneCount: Int?
    let threadCount: Int?
    let output: TranscriptOutput
    let isQuiet: Bool

    /// - Returns: how many recordings failed. Their reasons are on standard error already.
    ///
    /// - Parameter detector: finds the speech in them; `nil` decodes all of the sound.
    func run(model: Model, detector small: Model?) async throws -> Int {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let lanes = max(1, min(laneCount ?? cores, files.count))
        let recognizer = try WhisperRecognizer(
            model: model, lanes: lanes, threads: threadCount ?? max(1, cores / lanes), queueLimit: files.count)
        let detector = try small.map { try WhisperDetector(model: $0, lanes: lanes) }
        let progress = TranscriptionProgress(files: files.count, isQuiet: isQuiet)
        // A few more than there are lanes, so that a recording is decoded while others are heard, but not all at once.
        let failures = await withTaskGroup(of: Bool.self) { group in
            var waiting = files.indices.makeIterator()
            func addNext() {
                guard let index = waiting.next() else { return }
                group.addTask { await transcribe(index, with: recognizer, detector: detector, progress: progress) }
            }
            for _ in 0..<lanes + 1 { addNext() }
            var failures = 0
            for await isGood in group {
                if !isGood { failures += 1 }
                if output.failure != nil { group.cancelAll() } else if !Task.isCancelled { addNext() }
            }
            return failures
        }
        progress.finish()
        await recognizer.drain()
        await detector?.drain()
        // One line for all recordings.
        if let failure = output.failure { throw failure }
        return failures
    }

    private func transcribe(
        _ index: Int, with recognizer: WhisperRecognizer, detector: WhisperDetector?, progress: TranscriptionProgress
    ) async -> Bool {
        let file = files[index]
        let name = file == "-" ? "standard input" : file
        let finished = Mutex<[Segment]>([])
        let given = GivenText(options)
        do {
            let clip = try await AudioFile.decode(file)
            for warning in clip.warnings { progress.message("\(name): \(warning)") }
            progress.begin(index, seconds: clip.duration)
            do {
                let speech = try await speech(in: clip, of: index, detector: detector, progress: progress)
                let judge =
                    options.task == .translate ? HallucinationGuard.forRecordings.forTranslation : .forRecordings
                let transcript = try await recognizer.transcribe(
                    clip.samples, spoken: speech?.ranges, options: options,
                    isBelieved: { speech?.believes($0, given: given, with: judge) ?? true },
                    onSegment: { segment in
                        finished.withLock { $0.append(segment) }
                        progress.steppingAside { output.show(segment, of: index) }
                    },
                    onProgress: { progress.update(index, seconds: $0) })
                try progress.steppingAside { try output.write(transcript, of: index) }
                progress.end(index)
                // What could not be read was told as a warning.
                return !clip.warnings.contains(where: \.isLoss)
            } catch let error as RecognitionError where error.code == .cancelled {
                // Nothing that was heard is lost.
                let segments = finished.withLock { $0 }
                let text = segments.map(\.text).joined(separator: " ")
                let partial = Transcript(
                    text: text, language: options.language ?? "", duration: clip.duration, segments: segments)
                try progress.steppingAside {
                    if segments.isEmpty { output.skip(index) } else { try output.write(partial, of: index) }
                }
                let done = Int(segments.last?.end ?? 0)
                progress.message("\(name): interrupted after \(done) s of \(Int(clip.duration)) s")
                return false
            }
        } catch is OutputError {
            progress.end(index)
            return false
        } catch is CancellationError {
            progress.message("\(name): interrupted before it was read")
            progress.steppingAside { output.skip(index) }
            return false
        } catch {
            progress.message("sori: \((error as? RecognitionError)?.cause.map { "\($0)" } ?? "\(error)")")
            progress.steppingAside { output.skip(index) }
            progress.end(index)
            return false
        }
    }

    /// Where somebody speaks; `nil` where nothing can tell.
    private func speech(
        in clip: AudioClip, of index: Int, detector: WhisperDetector?, progress: TranscriptionProgress
    ) async throws -> RecordedSpeech? {
        guard let detector else { return nil }
        do {
            return try await RecordedSpeech(
                of: clip.samples, detector: detector,
                onProgress: { progress.search(index, seconds: $0, of: clip.duration) })
        } catch is CancellationError {
            throw RecognitionError(.cancelled, "the search for speech was cancelled")
        }
    }
}

/// How far all recordings together have come.
private final class TranscriptionProgress: Sendable {
    private static let label = "transcribing"

    private let bar: ProgressBar?
    private let done = Mutex<[Int: Double]>([:])

    init(files: Int, isQuiet: Bool) {
        bar =
            isQuiet
            ? nil
            : ProgressBar(
                ProgressState(
                    label: Self.label, unit: .audioSeconds, total: nil,
                    files: files > 1 ? ProgressState.Files(total: files) : nil))
    }

    func begin(_ file: Int, seconds: Double) {
        bar?.update { $0.total = ($0.total ?? 0) + seconds }
    }

    /// Notes how far the search for speech has come, which is not yet text.
    func search(_ file: Int, seconds: Double, of total: Double) {
        bar?.update { $0.label = "finding speech, \(Int(min(seconds / max(total, 1e-9), 1) * 100)) %" }
    }

    func update(_ file: Int, seconds: Double) {
        let total = done.withLock { done in
            done[file] = seconds
            return done.values.reduce(0, +)
        }
        bar?.update { state in
            state.label = Self.label
            state.completed = total
        }
    }

    func end(_ file: Int) {
        bar?.update { $0.files?.completed += 1 }
    }

    func message(_ text: String) {
        let text = FileName.shown(text)
        if let bar {
            bar.message(text)
        } else {
            try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
        }
    }

    /// Lets results be written to a terminal that perhaps shows the progress too.
    func steppingAside<Failure>(_ body: () throws(Failure) -> Void) throws(Failure) {
        guard let bar else { return try body() }
        try bar.steppingAside(body)
    }

    func finish() {
        bar?.finish()
    }
}
