/// Work that Redis does in one go, so that nobody comes between.
///
/// `KEYS[1]` is the session and `KEYS[2]` the index. Each answers with a list that begins with a word: `ok`, `none`,
/// `exists`, `fenced`, `stale`, or `foreign` with the key.
struct RedisScript: Sendable {
    /// Unique.
    let name: String
    /// In Lua.
    let text: String

    private init(_ name: String, _ body: String) {
        self.name = name
        text = Self.prelude + body
    }

    /// ARGV: ID, life in ms, fence, owner, record, revision.
    static let create = RedisScript(
        "create",
        """
        local status = look(KEYS[1])
        if status == 'foreign' then return {'foreign', KEYS[1]} end
        if status == 'ours' then return {'exists'} end
        if not isIndex(KEYS[2]) then return {'foreign', KEYS[2]} end
        redis.call('HSET', KEYS[1], 'sori', '1', 'fence', ARGV[3], 'owner', ARGV[4], 'record', ARGV[5],
          'revision', ARGV[6], 'changed', text(now()))
        keep()
        return {'ok'}
        """)

    /// ARGV: ID, life in ms, fence, record, revision.
    ///
    /// A save that was given up may still lie in a socket that Redis reads only after newer ones came by another: the
    /// revision keeps it from undoing them.
    static let save = RedisScript(
        "save",
        owned
            + """
            if tonumber(ARGV[5]) <= (tonumber(redis.call('HGET', KEYS[1], 'revision')) or 0) then return {'stale'} end
            redis.call('HSET', KEYS[1], 'record', ARGV[4], 'revision', ARGV[5], 'changed', text(now()))
            keep()
            return {'ok'}
            """)

    /// ARGV: ID, life in ms, fence.
    static let renew = RedisScript(
        "renew",
        owned
            + """
            keep()
            return {'ok'}
            """)

    /// ARGV: ID, life in ms, a fence if it is greater than the former, owner, channel.
    ///
    /// The life comes first: once a script has written, Redis lets it use the few bytes of a fence, even if it is full.
    static let takeOver = RedisScript(
        "takeOver",
        """
        local status, newest = look(KEYS[1])
        if status == 'foreign' then return {'foreign', KEYS[1]} end
        if status == 'none' then return {'none'} end
        if not isIndex(KEYS[2]) then return {'foreign', KEYS[2]} end
        local fence = text(math.max(newest + 1, tonumber(ARGV[3])))
        keep()
        redis.call('HSET', KEYS[1], 'fence', fence, 'owner', ARGV[4], 'revision', '0', 'changed', text(now()))
        redis.call('PUBLISH', ARGV[5], fence .. ' ' .. ARGV[4])
        return {'ok', fence, ARGV[4], redis.call('HGET', KEYS[1], 'record') or ''}
        """)

    /// ARGV: ID, life in ms, fence, owner, record, revision, channel.
    static let restore = RedisScript(
        "restore",
        """
        local status, newest = look(KEYS[1])
        local fence = tonumber(ARGV[3])
        if status == 'foreign' then return {'foreign', KEYS[1]} end
        if not isIndex(KEYS[2]) then return {'foreign', KEYS[2]} end
        if status == 'ours' and newest > fence then return {'fenced'} end
        if status == 'ours' and newest == fence and
          tonumber(ARGV[6]) <= (tonumber(redis.call('HGET', KEYS[1], 'revision')) or 0) then return {'stale'} end
        redis.call('HSET', KEYS[1], 'sori', '1', 'fence', ARGV[3], 'owner', ARGV[4], 'record', ARGV[5],
          'revision', ARGV[6], 'changed', text(now()))
        keep()
        if status == 'ours' and newest < fence then redis.call('PUBLISH', ARGV[7], ARGV[3] .. ' ' .. ARGV[4]) end
        return {'ok'}
        """)

    /// No ARGV that is used.
    static let read = RedisScript(
        "read",
        """
        local status, fence, owner = look(KEYS[1])
        if status == 'foreign' then return {'foreign', KEYS[1]} end
        if status == 'none' then return {'none'} end
        return {'ok', text(fence), owner, redis.call('HGET', KEYS[1], 'record') or ''}
        """)

    /// ARGV: ID, life in ms (not used), fence.
    static let remove = RedisScript(
        "remove",
        owned
            + """
            redis.call('DEL', KEYS[1])
            redis.call('ZREM', KEYS[2], ARGV[1])
            return {'ok'}
            """)

    /// ARGV: how many, what the keys of sessions begin with. Reads only, so that a replica can tell, too.
    static let list = RedisScript(
        "list",
        """
        if not isIndex(KEYS[1]) then return {'foreign', KEYS[1]} end
        local answer = {'ok'}
        local ids = redis.call('ZRANGEBYSCORE', KEYS[1], text(now()), '+inf', 'LIMIT', 0, ARGV[1])
        for _, id in ipairs(ids) do
          local key = ARGV[2] .. id
          local status, fence, owner = look(key)
          if status == 'ours' then
            answer[#answer + 1] = {id, text(fence), owner, redis.call('HSTRLEN', key, 'record'),
              redis.call('HGET', key, 'changed') or '0', redis.call('PTTL', key)}
          end
        end
        return answer
        """)

    /// Goes on only when the session is ours and the fence is the newest.
    private static let owned = """
        local status, newest = look(KEYS[1])
        if status == 'foreign' then return {'foreign', KEYS[1]} end
        if status == 'none' then return {'none'} end
        if newest ~= tonumber(ARGV[3]) then return {'fenced'} end
        if not isIndex(KEYS[2]) then return {'foreign', KEYS[2]} end

        """

    private static let prelude = """
        local function text(number) return string.format('%.0f', number) end

        local function now()
          local time = redis.call('TIME')
          return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
        end

        local function look(key)
          local kind = redis.call('TYPE', key).ok
          if kind == 'none' then return 'none' end
          if kind ~= 'hash' then return 'foreign' end
          local found = redis.call('HMGET', key, 'sori', 'fence', 'owner')
          local fence = found[2] and tonumber(found[2])
          if found[1] ~= '1' or not fence then return 'foreign' end
          return 'ours', fence, found[3] or ''
        end

        local function isIndex(key)
          local kind = redis.call('TYPE', key).ok
          return kind == 'none' or kind == 'zset'
        end

        local function keep()
          local at, life = now(), tonumber(ARGV[2])
          redis.call('PEXPIRE', KEYS[1], ARGV[2])
          redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. text(at))
          redis.call('ZADD', KEYS[2], text(at + life), ARGV[1])
          if redis.call('PTTL', KEYS[2]) < life then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
        end


        """
}
