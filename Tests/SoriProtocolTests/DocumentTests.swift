import Foundation
import SoriProtocol
import Testing

/// What the documents for foreign clients say is what this module does.
@Suite struct DocumentTests {
    private static let folder = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "../../docs").standardized

    private static func definitions() throws -> [String: [String: Any]] {
        let data = try Data(contentsOf: folder.appending(path: "protocol/messages.schema.json"))
        let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        return try #require(schema["$defs"] as? [String: [String: Any]])
    }

    /// The names of the fields in each example of a message.
    private static func fields(of texts: [String]) throws -> [String: [Set<String>]] {
        var fields: [String: [Set<String>]] = [:]
        for text in texts {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            fields[try #require(object["type"] as? String), default: []].append(Set(object.keys))
        }
        return fields
    }

    @Test func theSchemaHasTheFieldsOfEveryMessage() throws {
        let definitions = try Self.definitions()
        let messages = try Self.fields(of: Examples.client.map(\.text) + Examples.server.map(\.text))
        for (name, examples) in messages {
            let definition = try #require(definitions[name], "\(name)")
            let properties = try #require(definition["properties"] as? [String: Any])
            let required = try #require(definition["required"] as? [String])
            let always = examples.dropFirst().reduce(examples[0]) { $0.intersection($1) }
            #expect(Set(properties.keys) == examples.reduce([]) { $0.union($1) }, "\(name)")
            #expect(Set(required) == always, "\(name)")
        }
    }

    @Test func theSchemaHasEveryCodeAndChoice() throws {
        let definitions = try Self.definitions()
        func strings(_ name: String, _ key: String) -> [String] {
            (definitions[name]?[key] as? [Any])?.compactMap { $0 as? String } ?? []
        }
        func choices(_ name: String, _ field: String) -> [String] {
            let properties = definitions[name]?["properties"] as? [String: [String: Any]]
            return (properties?[field]?["enum"] as? [Any])?.compactMap { $0 as? String } ?? []
        }
        #expect(strings("errorCode", "examples") == ErrorCode.all.map(\.rawValue))
        #expect(strings("noticeCode", "examples") == NoticeCode.all.map(\.rawValue))
        #expect(strings("policy", "enum") == ClientMessage.Policy.allCases.map(\.rawValue))
        #expect(strings("optionalPolicy", "enum") == ClientMessage.Policy.allCases.map(\.rawValue))
        #expect(choices("start", "task") == ClientMessage.Task.allCases.map(\.rawValue))
        #expect(choices("audioFormat", "encoding") == AudioFormat.Encoding.allCases.map(\.rawValue))
        #expect(choices("flushed", "reason") == ServerMessage.Flush.Reason.allCases.map(\.rawValue))
        #expect(choices("speech", "state") == ServerMessage.Speech.State.allCases.map(\.rawValue))
    }

    @Test func theSchemaHasTheRangesOfSound() throws {
        let properties = try #require(try Self.definitions()["audioFormat"]?["properties"] as? [String: [String: Any]])
        for (field, range) in [("sampleRate", AudioFormat.sampleRates), ("channels", AudioFormat.channelCounts)] {
            #expect(properties[field]?["minimum"] as? Int == range.lowerBound)
            #expect(properties[field]?["maximum"] as? Int == range.upperBound)
        }
    }

    @Test(arguments: ErrorCode.all)
    func theTableOfErrorsHasTheCloseStatus(code: ErrorCode) throws {
        let text = try String(contentsOf: Self.folder.appending(path: "protocol.md"), encoding: .utf8)
        #expect(text.contains("\n| `\(code)` | \(code.closeStatus) | "))
    }
}
