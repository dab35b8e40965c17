import ArgumentParser
import Streaming

/// How a session makes captions.
struct CaptionOptions: ParsableArguments {
    @Option(help: "alignatt, local-agreement or sliding-window.")
    var policy = CaptionSettings.Policy.alignAtt

    @Option(help: "Seconds of new sound between two windows.")
    var hop = PolicySettings().hop

    @Option(help: "Positions of 20 ms before the end within which text is not settled (alignatt).")
    var threshold = PolicySettings().attentionThreshold

    @Option(help: "Positions of 20 ms before the end within which nothing is shown (alignatt).")
    var tentativeThreshold = PolicySettings().tentativeThreshold

    @Option(help: "Positions before the end within which text of a young window is not settled (alignatt).")
    var youngThreshold = PolicySettings().youngThreshold

    @Option(help: "Seconds of sound below which a window is young (alignatt).")
    var youngWindow = PolicySettings().youngWindow

    @Option(help: "Longest live window in seconds.")
    var longestWindow = PolicySettings().longestWindow

    @Option(help: "What is left of a live window that got too long, in seconds.")
    var trimmedWindow = PolicySettings().trimmedWindow

    @Option(help: "Seconds of silence that end an utterance.")
    var silence = SpeechGate.Settings().silence

    @Option(help: "Seconds of silence after which the whole utterance is decoded, in case it is over.")
    var pause = SpeechGate.Settings().pause

    @Option(help: "Seconds of the utterance before that live windows begin with.")
    var lead = CaptionSettings().lead.live

    @Option(help: "The same of finals.")
    var finalLead = CaptionSettings().lead.final

    @Option(help: "The most tokens of text before a live window, up to \(TextContext.limit).")
    var context = CaptionSettings().context.live

    @Option(help: "The same of finals.")
    var finalContext = CaptionSettings().context.final

    @Option(help: "Positions of silence after a live window.")
    var margin = CaptionSettings().margin.live

    @Option(help: "Positions of silence after a whole utterance.")
    var finalMargin = CaptionSettings().margin.final

    /// A session's settings.
    var settings: CaptionSettings {
        var settings = CaptionSettings()
        settings.policy = policy
        settings.windows.hop = hop
        settings.windows.attentionThreshold = threshold
        settings.windows.tentativeThreshold = tentativeThreshold
        settings.windows.youngThreshold = youngThreshold
        settings.windows.youngWindow = youngWindow
        settings.windows.longestWindow = longestWindow
        settings.windows.trimmedWindow = trimmedWindow
        settings.gate.silence = silence
        settings.gate.pause = pause
        settings.lead = (lead, finalLead)
        settings.context = (context, finalContext)
        settings.margin = (margin, finalMargin)
        return settings
    }
}

extension CaptionSettings.Policy: ExpressibleByArgument {}
