/// How a whole utterance is decoded: at first with all the help there is, then with less while its text is not believed.
struct FinalAttempt: Sendable, Equatable {
    /// What was said before is given, as text and as sound that the window begins with. It makes a small model repeat itself
    /// now and then, or leave something out.
    var usesContext = true
    /// The user's prompt and hotwords are given.
    var usesPrompt = true
    /// What repeats itself is cut short, and drawn again at higher temperatures.
    var isAgainstLoops = false
}
