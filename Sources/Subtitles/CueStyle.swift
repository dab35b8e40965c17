/// How much text a subtitle shows, and for how long: what broadcasters take for comfortable.
package struct CueStyle: Sendable, Equatable {
    /// Columns of a line; Hangul, kana and Han characters take two.
    package var lineWidth = 42
    /// Lines of a subtitle.
    package var lineCount = 2
    /// Seconds that a subtitle stays at least, if nothing else follows at once.
    package var shortest = 1.0
    /// Seconds after which a subtitle is cut.
    package var longest = 7.0

    package init() {}

    /// Columns below which a sentence shares the subtitle of the next one.
    var narrowest: Int { lineWidth * 2 / 3 }
}
