package import SoriProtocol
package import Streaming
package import WhisperText

/// Checks what clients ask for. `start` and `configure` are read by the same code, so that what one refuses the other does.
package struct RequestedSettings: Sendable {
    /// A field that cannot be taken.
    package struct Fault: Error, Sendable, Equatable {
        /// One line that names the field and says what to send. It shows nothing of what came.
        package let message: String
    }

    /// What is in force where a client asks for nothing.
    private let standard: CaptionSettings
    private let limits: SessionLimits
    let tokenizer: Tokenizer

    package init(standard: CaptionSettings, limits: SessionLimits, tokenizer: Tokenizer) {
        self.standard = standard
        self.limits = limits
        self.tokenizer = tokenizer
    }

    /// The settings of a new session.
    package func settings(for start: ClientMessage.Start) throws(Fault) -> CaptionSettings {
        var base = standard
        if let task = start.task {
            guard task == .transcribe || tokenizer.isMultilingual else {
                throw Fault(message: "'task' cannot be translate with this server's model; send transcribe")
            }
            base.task = task == .translate ? .translate : .transcribe
        }
        var settings = try changed(base, by: ClientMessage.Configuration(start))
        if let corrections = start.corrections { settings.corrections = corrections }
        return settings
    }

    /// Seconds without sound after which what was said becomes final; 0 for never.
    package func gap(for start: ClientMessage.Start) throws(Fault) -> Double {
        guard let gap = start.gap else { return limits.gap }
        guard (0...SessionLimits.longestGap).contains(gap) else {
            throw Fault(message: "'gap' must be 0 to \(Int(SessionLimits.longestGap)) seconds; 0 is never")
        }
        return gap
    }

    /// The settings of a session after a change. What is absent stays, `null` brings back the server's default.
    package func changed(
        _ settings: CaptionSettings, by change: ClientMessage.Configuration
    ) throws(Fault) -> CaptionSettings {
        var settings = settings
        switch change.language {
        case .keep: break
        case .set(nil): settings.language = standard.language
        case .set(let text?): settings.language = try language(text, in: "language").code
        }
        switch change.languages {
        case .keep: break
        case .set(nil): settings.languages = standard.languages
        case .set(let texts?): settings.languages = try languages(texts)
        }
        switch change.prompt {
        case .keep: break
        case .set(nil): settings.prompt = standard.prompt
        case .set(let text?): settings.prompt = Self.isBlank(text) ? nil : text
        }
        if case .set(let hotwords) = change.hotwords {
            settings.hotwords = try hotwords.map(terms) ?? standard.hotwords
        }
        if case .set(let policy) = change.policy {
            settings.policy = policy.map(CaptionSettings.Policy.init) ?? standard.policy
        }
        if case .set(let translates) = change.translate { settings.translates = translates ?? standard.translates }
        try check(settings)
        // Checked together, because one of them may have been set by an earlier message.
        let length = settings.prompt.map(Self.length) ?? 0
        let total = settings.hotwords.reduce(length) { $0 + Self.length($1) }
        guard total <= limits.promptCharacters else {
            throw Fault(
                message: "'prompt' and 'hotwords' have \(total) characters; send at most \(limits.promptCharacters)")
        }
        return settings
    }

    private func check(_ settings: CaptionSettings) throws(Fault) {
        guard settings.translates else { return }
        guard tokenizer.isMultilingual else {
            throw Fault(message: "'translate' cannot be had with this server's model; leave it out")
        }
        guard settings.task == .transcribe else {
            throw Fault(message: "'translate' is for 'task' transcribe: all text is English already; leave it out")
        }
    }

    private func language(_ text: String, in field: String) throws(Fault) -> LanguageChoice {
        guard let choice = LanguageChoice(text) else {
            throw Fault(message: "'\(field)' is not known; send a code or tag such as ko, en-US or ja, or auto")
        }
        if let code = choice.code, !tokenizer.languages.contains(where: { $0.code == code }) {
            let known = tokenizer.isMultilingual ? "this language" : "another language than English"
            throw Fault(message: "'\(field)' is not for this server's model, which does not know \(known); send auto")
        }
        return choice
    }

    private func languages(_ texts: [String]) throws(Fault) -> [String] {
        guard texts.count <= limits.languages else {
            throw Fault(message: "'languages' has \(texts.count) entries; send at most \(limits.languages)")
        }
        var codes: [String] = []
        for (index, text) in texts.enumerated() {
            guard let code = try language(text, in: "languages[\(index)]").code else {
                throw Fault(message: "'languages[\(index)]' must name a language; send an empty list to hear any")
            }
            if !codes.contains(code) { codes.append(code) }
        }
        return codes
    }

    private func terms(_ hotwords: [String]) throws(Fault) -> [String] {
        guard hotwords.count <= limits.hotwords else {
            throw Fault(message: "'hotwords' has \(hotwords.count) entries; send at most \(limits.hotwords)")
        }
        return hotwords.filter { !Self.isBlank($0) }
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

    /// Code points, because one character may be made of any number of them.
    private static func length(_ text: String) -> Int { text.unicodeScalars.count }
}

extension ClientMessage.Configuration {
    /// What a `start` asks for; what is absent there is left at the default.
    init(_ start: ClientMessage.Start) {
        self.init(
            language: start.language.map { .set($0) } ?? .keep, languages: start.languages.map { .set($0) } ?? .keep,
            translate: start.translate.map { .set($0) } ?? .keep, policy: start.policy.map { .set($0) } ?? .keep,
            prompt: start.prompt.map { .set($0) } ?? .keep,
            hotwords: start.hotwords.map { .set($0) } ?? .keep)
    }
}
