import ContextStore
import Testing

@Suite("What Redis has against a command")
struct RedisErrorTests {
    @Test(
        "has a code of its own, and one line that repeats nothing of what was sent",
        arguments: [
            ("WRONGPASS invalid username-password pair or user is disabled.", .accessDenied),
            ("NOAUTH Authentication required.", .accessDenied),
            ("ERR invalid password", .accessDenied),
            ("ERR AUTH <password> called without any password configured for the default user.", .accessDenied),
            ("NOPERM this user has no permissions to run the 'evalsha' command", .accessDenied),
            ("READONLY You can't write against a read only replica. script: 4d, on @user_script:57.", .readOnly),
            ("OOM command not allowed when used memory > 'maxmemory'. script: 4d, on @user_script:57.", .full),
            // Version 6 and older:
            ("ERR Error running script (call to f_4d): @user_script:9: @user_script: 9: -OOM command not", .full),
            ("ERR Error running script (call to f_4d): @user_script:9: -READONLY You can't write", .readOnly),
            ("LOADING Redis is loading the dataset in memory", .loading),
            ("WRONGTYPE Operation against a key holding the wrong kind of value", .foreignData),
            ("MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist", .refused),
            ("CLUSTERDOWN Hash slot not served", .refused),
            ("ERR unknown command 'EVALSHA', with args beginning with: 'secret' 'secret'", .refused),
            ("ERR unknown command `EVALSHA`, with args beginning with: `secret`", .refused),
            ("", .refused),
        ] as [(String, ContextStoreError.Code)])
    func codes(text: String, code: ContextStoreError.Code) throws {
        let error = try ContextStoreError.redis(text, RedisAddress("redis://:hunter2@h:1"))
        #expect(error.code == code, "\(error)")
        #expect(error.code.isOutage == (code != .foreignData))
        #expect(!error.message.contains("secret") && !error.message.contains("\n"))
        #expect(!error.message.contains("hunter2") && error.message.contains("redis://h:1"))
    }

    @Test("pauses between tries grow to a limit, and begin anew after success")
    func pauses() {
        let now = ContinuousClock.now
        var pause = ReconnectPause(.milliseconds(50)...(.milliseconds(300)))
        #expect(pause.end == nil)
        var lengths: [Duration] = []
        for _ in 0..<5 {
            pause.failed(at: now)
            if let end = pause.end { lengths.append(end - now) }
        }
        #expect(lengths == [50, 100, 200, 300, 300].map { .milliseconds($0) })
        pause.succeeded()
        #expect(pause.end == nil)
    }
}
