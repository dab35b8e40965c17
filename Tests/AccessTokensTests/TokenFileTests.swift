import AccessTokens
import Foundation
import Logging
import Testing

@Suite("Tokens")
struct TokenFileTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func withFile(_ body: (TokenFile) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(TokenFile(path: folder.appending(path: "tokens.json").path))
    }

    private func add(
        _ permission: Permission, session: String? = nil, sessions: Int? = nil, expires: Date? = nil, to file: TokenFile
    ) throws -> TokenText {
        let token = TokenText()
        try file.change {
            $0.append(
                TokenRecord(
                    token, permission: permission, session: session, sessions: sessions, created: now, expires: expires)
            )
        }
        return token
    }

    @Test("a token is read as it is written, and nothing else is one")
    func text() {
        let token = TokenText()
        #expect(TokenText(token.text) == token)
        #expect(token.text.hasPrefix("sori_\(token.id)_") && token.text.utf8.count == 57)
        // It goes into addresses and headers as it is.
        #expect(token.text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        #expect(Set((0..<1000).map { _ in TokenText().text }).count == 1000)
        for other in ["", "sori_", "sori_a", "sori__b", "sori_a_", "secret", String(repeating: "sori_a_b", count: 100)]
        {
            #expect(TokenText(other) == nil)
        }
    }

    @Test("the file grants what was asked for, to whoever has the whole token")
    func grants() throws {
        try withFile { file in
            let speaker = try add(.speak, sessions: 2, to: file)
            let onlooker = try add(.watch, session: "abc", to: file)
            let registry = try TokenRegistry(file, logger: logger)
            #expect(
                registry.grant(for: speaker.text, at: now)
                    == Grant(holder: speaker.id, permission: .speak, sessions: 2))
            #expect(registry.grant(for: onlooker.text, at: now)?.session == "abc")
            let foreign = "sori_\(speaker.id)_" + (onlooker.text.split(separator: "_").last.map(String.init) ?? "")
            for wrong in [
                foreign, String(speaker.text.dropLast()), speaker.text + "x", TokenText().text, speaker.id, "",
            ] {
                #expect(registry.grant(for: wrong, at: now) == nil)
            }
        }
    }

    @Test("kinds are kept apart: who speaks may watch, and nobody else does what another kind may")
    func kinds() {
        let allowed: [Permission: Set<Permission>] = [
            .speak: [.speak, .watch], .watch: [.watch], .administer: [.administer],
        ]
        for (kind, expected) in allowed {
            let grant = Grant(permission: kind)
            #expect(Set(Permission.allCases.filter { grant.allows($0) }) == expected)
        }
        let one = Grant(permission: .watch, session: "abc")
        #expect(one.allows(.watch, session: "abc") && !one.allows(.watch, session: "abd") && !one.allows(.watch))
    }

    @Test("the secret is not in the file, and nobody else may read that")
    func secrecy() throws {
        try withFile { file in
            let tokens = try (0..<3).map { _ in try add(.speak, to: file) }
            let content = try String(contentsOfFile: file.path, encoding: .utf8)
            for token in tokens { #expect(!content.contains(token.text.suffix(43)) && content.contains(token.id)) }
            // The same secret twice would show in unsalted digests.
            let records = (0..<2).map { _ in TokenRecord(tokens[0], permission: .speak, created: now) }
            #expect(records[0] != records[1])
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("what has expired or was revoked grants nothing, and a server hears of it without a restart")
    func ends() throws {
        try withFile { file in
            let token = try add(.speak, expires: now + 60, to: file)
            let registry = try TokenRegistry(file, logger: logger)
            #expect(registry.grant(for: token.text, at: now + 59) != nil)
            #expect(registry.grant(for: token.text, at: now + 60) == nil)
            let start = ContinuousClock.now
            #expect(!registry.isRevoked(token.id, start))
            try file.change { $0[0].revoke(at: now) }
            #expect(registry.grant(for: token.text, at: now, start) != nil, "the file was looked at just now")
            #expect(registry.grant(for: token.text, at: now, start + .seconds(2)) == nil)
            #expect(registry.isRevoked(token.id, start + .seconds(2)) && registry.isRevoked("gone"))
            let later = try add(.watch, to: file)
            #expect(registry.grant(for: later.text, at: now, start + .seconds(2)) != nil, "a new one counts at once")
            #expect(try file.read().map { $0.endedReason(at: now) } == ["revoked", nil])
        }
    }

    @Test("a file that breaks while a server runs takes nobody's token away")
    func breaks() throws {
        try withFile { file in
            let token = try add(.speak, to: file)
            let registry = try TokenRegistry(file, logger: logger)
            try Data("{".utf8).write(to: URL(fileURLWithPath: file.path))
            #expect(registry.grant(for: token.text, at: now, .now + .seconds(2)) != nil)
            try FileManager.default.removeItem(atPath: file.path)
            #expect(registry.grant(for: token.text, at: now, .now + .seconds(4)) != nil)
        }
    }

    @Test("files that are none are told in one line, with what to do")
    func badFiles() throws {
        try withFile { file in
            #expect(throws: TokenFileError.self) { try file.read() }
            for content in ["", "{}", "[]", #"{"version":2,"tokens":[]}"#, #"{"version":1,"tokens":[{"id":1}]}"#] {
                try Data(content.utf8).write(to: URL(fileURLWithPath: file.path))
                do {
                    _ = try TokenRegistry(file, logger: logger)
                    Issue.record("'\(content)' was read")
                } catch let error as TokenFileError {
                    #expect(error.code == .malformed && !error.description.contains("\n"))
                }
                #expect(throws: TokenFileError.self) { try file.change { $0.removeAll() } }
            }
        }
    }

    @Test("many who change the file at once lose nothing")
    func manyAtOnce() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = TokenFile(path: folder.appending(path: "tokens.json").path)
        let now = now
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let token = TokenText()
                    try file.change { $0.append(TokenRecord(token, permission: .speak, created: now)) }
                    return token.id
                }
            }
            var made: Set<String> = []
            for try await id in group { made.insert(id) }
            #expect(try Set(file.read().map(\.id)) == made && made.count == 20)
        }
    }
}
