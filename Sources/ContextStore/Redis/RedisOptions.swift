/// How to use a Redis.
package struct RedisOptions: Sendable {
    /// Where it is.
    package var address: RedisAddress
    /// How long a connection may take to be made, and each answer to come. To find a host's address by its name may take
    /// longer, as the system's resolver has limits of its own.
    package var connectTimeout: Duration
    /// How long Redis may be silent after a command.
    package var commandTimeout: Duration
    /// After so long without a command, Redis is asked whether it is still there.
    package var idleInterval: Duration
    /// Pauses between tries to connect: the first, and the longest to which they grow.
    package var pauses: ClosedRange<Duration>
    /// Requests that may wait for the connection.
    package var queueLimit: Int

    /// Creates options.
    package init(
        _ address: RedisAddress, connectTimeout: Duration = .seconds(1), commandTimeout: Duration = .seconds(1),
        idleInterval: Duration = .seconds(15), pauses: ClosedRange<Duration> = .milliseconds(50)...(.seconds(5)),
        queueLimit: Int = 1000
    ) {
        self.address = address
        self.connectTimeout = connectTimeout
        self.commandTimeout = commandTimeout
        self.idleInterval = idleInterval
        self.pauses = pauses
        self.queueLimit = queueLimit
    }
}
