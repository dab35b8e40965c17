import ContextStore
import Testing

@Suite("The address of a Redis")
struct RedisAddressTests {
    @Test(
        "is read",
        arguments: [
            ("redis://localhost", "redis://localhost:6379", nil),
            ("redis://localhost/", "redis://localhost:6379", nil),
            ("redis://10.0.0.1:7000/3", "redis://10.0.0.1:7000/3", nil),
            ("redis://[::1]:7000/3", "redis://[::1]:7000/3", nil),
            ("redis://[::1]", "redis://[::1]:6379", nil),
            ("redis://:hunter2@h:1", "redis://h:1", nil),
            ("redis://sori:hunter2@h:1/0", "redis://h:1", "sori"),
            ("redis://so%40ri:hunter2%2F%25:@h:1/15", "redis://h:1/15", "so@ri"),
            ("redis+unix:///run/redis.sock", "redis+unix:///run/redis.sock", nil),
            ("redis+unix:///run/a%20b.sock?db=2&user=sori&password=hunter2", "redis+unix:///run/a b.sock?db=2", "sori"),
        ] as [(String, String, String?)])
    func good(text: String, description: String, user: String?) throws {
        let address = try RedisAddress(text)
        #expect(address.description == description)
        #expect(address.user == user)
        var dumped = ""
        dump(address, to: &dumped)
        for text in ["\(address)", String(reflecting: address), dumped, "\(Optional(address) as Any)"] {
            #expect(!text.contains("hunter2"))
        }
        #expect(!"\(RedisOptions(address))".contains("hunter2"))
    }

    @Test(
        "is refused with one line that says why, and never shows the password",
        arguments: [
            ("", "redis://"), ("hunter2", "redis://"), ("http://:hunter2@host", "redis://"),
            ("rediss://:hunter2@host", "proxy"), ("redis://", "no host"), ("redis://:hunter2@", "no host"),
            ("redis://:hunter2@host:", "1 to 65535"), ("redis://:hunter2@host:0", "1 to 65535"),
            ("redis://:hunter2@host:99999", "1 to 65535"), ("redis://:hunter2@host:hunter2", "1 to 65535"),
            ("redis://:hunter2@host/x", "0 to 15"), ("redis://:hunter2@host/-1", "0 to 15"),
            ("redis://:hunter2/@host", "%2F"), ("redis://hunter2@host", "no password"),
            ("redis://a:@host", "the password is empty"), ("redis://:hunter2%@host", "%25"),
            ("redis://:hunter2%zz@host", "%25"), ("redis://:hunter2%FF@host", "no text"),
            ("redis://:hunter2@[::1", "[::1]"), ("redis://:hunter2@host?db=1", "%3F"),
            ("redis+unix://host/hunter2", "begins with /"), ("redis+unix:///s?hunter2=1", "password="),
            ("redis+unix:///s?db=hunter2", "0 to 15"), ("redis+unix:///s?user=hunter2", "no password"),
        ])
    func bad(text: String, part: String) {
        let error = #expect(throws: ContextStoreError.self) { try RedisAddress(text) }
        #expect(error?.code == .badAddress)
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("hunter2") == false)
        #expect(error?.message.contains("\n") == false)
    }
}
