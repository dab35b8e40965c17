extension ContextStoreError {
    /// There is no connection, or no answer.
    static func unreachable(_ address: RedisAddress, _ reason: String) -> ContextStoreError {
        ContextStoreError(
            .unreachable, "Redis at \(address) cannot be reached (\(reason)); see whether it runs and is let through")
    }

    /// Too many requests wait, or one has waited too long.
    static func overloaded(_ address: RedisAddress) -> ContextStoreError {
        ContextStoreError(
            .overloaded, "too many requests wait for Redis at \(address), which is too slow; give it a faster machine")
    }

    /// What Redis has said against a command.
    package static func redis(_ text: String, _ address: RedisAddress) -> ContextStoreError {
        // Before version 7, what happens inside a script stands behind what it happened in.
        let inner = text.firstRange(of: ": -").map { text[$0.upperBound...] }
        let words = text.hasPrefix("ERR Error running script") ? inner ?? text[...] : text[...]
        let place = "Redis at \(address)"
        switch words.prefix(while: { $0 != " " }) {
        case "WRONGPASS", "NOAUTH":
            return ContextStoreError(
                .accessDenied, "\(place) does not accept the user or password; give the right ones in its address")
        case "NOPERM":
            return ContextStoreError(
                .accessDenied,
                "\(place) does not let this user do what is needed; allow it scripts, ~sori:* and &sori:*")
        case "ERR" where words.contains("AUTH") || words.contains("invalid password"):
            return ContextStoreError(
                .accessDenied, "\(place) knows no such user or wants no password; correct its address")
        case "READONLY":
            return ContextStoreError(.readOnly, "\(place) is a replica and takes no writes; give the primary's address")
        case "OOM":
            return ContextStoreError(.full, "\(place) has no memory left; raise maxmemory or delete what is not needed")
        case "LOADING":
            return ContextStoreError(.loading, "\(place) still loads its data; wait until it is done")
        case "WRONGTYPE":
            return ContextStoreError(
                .foreignData, "\(place) holds data that is not of this program under sori:1:; use another database")
        default:
            // What stands behind may repeat what was sent.
            let reason = String(words.prefix(while: { $0 != "'" && $0 != "`" && !$0.isNewline }).prefix(120))
            return ContextStoreError(.refused, "\(place) refuses: \(reason.trimmed); see its log")
        }
    }

    /// An answer that does not have the form that it should have.
    static func strangeAnswer(_ address: RedisAddress) -> ContextStoreError {
        ContextStoreError(.refused, "Redis at \(address) gives answers that make no sense; see whether it is a Redis")
    }
}

extension String {
    fileprivate var trimmed: Substring {
        var text = self[...]
        while let last = text.last, last.isWhitespace || last == "," || last == ":" { text.removeLast() }
        return text
    }
}
