import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

class RetryTest {
    private var calls = 0

    private fun failing(times: Int): String {
        calls++
        if (calls <= times) throw IllegalStateException("attempt $calls")
        return "done"
    }

    @Test
    fun `succeeds at once`() {
        assertEquals("done", retry(3) { failing(0) })
        assertEquals(1, calls)
    }

    @Test
    fun `tries again after a failure`() {
        assertEquals("done", retry(3) { failing(2) })
        assertEquals(3, calls)
    }

    @Test
    fun `gives up with the last failure`() {
        val error = assertFailsWith<IllegalStateException> { retry(3) { failing(5) } }
        assertEquals("attempt 3", error.message)
    }
}
