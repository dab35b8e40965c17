import Benchmark
import Streaming
import WhisperText

/// What a policy does with the windows of one utterance, from its first to its last word.
func registerPolicies() {
    register("policy-alignatt") { AlignAtt(tokenizer: $0) }
    register("policy-local-agreement") { LocalAgreement(tokenizer: $0) }
}

private func register<Policy: StreamingPolicy>(_ name: String, _ make: @escaping (Tokenizer) -> Policy) {
    Benchmark(name) { (_, start: (policy: Policy, windows: [SpokenUtterance.Window])) in
        var policy = start.policy
        for window in start.windows {
            guard let plan = policy.window(of: window.sound, hop: SpokenUtterance.hop, isLast: window.isLast) else {
                continue
            }
            policy.accept(window.result, of: plan)
            blackHole(policy.caption)
        }
    } setup: {
        let utterance = SpokenUtterance()
        let policy = make(utterance.tokenizer)
        return (policy, utterance.windows(of: policy))
    }
}
