interface Clock {
    fun now(): Long
}

data class Session(val token: String, val userId: Int, val expiresAt: Long)

class SessionRepository(private val clock: Clock, private val lifetime: Long = 3_600_000) {
    private val sessions = mutableMapOf<String, Session>()

    @Synchronized
    fun open(userId: Int, token: String): Session {
        require(token.length >= 32) { "the token is too short" }
        check(token !in sessions) { "the token is in use" }
        return Session(token, userId, clock.now() + lifetime).also { sessions[token] = it }
    }

    @Synchronized
    fun find(token: String): Session? = sessions[token]?.takeIf { it.expiresAt > clock.now() }

    @Synchronized
    fun close(token: String): Boolean = sessions.remove(token) != null

    @Synchronized
    fun sweep(): Int {
        val before = sessions.size
        sessions.values.removeAll { it.expiresAt <= clock.now() }
        return before - sessions.size
    }
}
