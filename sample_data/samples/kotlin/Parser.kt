package dates

import java.time.DayOfWeek
import java.time.LocalDate
import java.time.temporal.TemporalAdjusters

sealed interface Parsed {
    data class Day(val date: LocalDate) : Parsed
    data class Failure(val reason: String) : Parsed
}

private val RELATIVE = Regex("""in (\d+) (day|week|month)s?""")
private val NEXT = Regex("""next (\w+)""")

fun parseDay(text: String, today: LocalDate): Parsed {
    val phrase = text.trim().lowercase()
    return when (phrase) {
        "today" -> Parsed.Day(today)
        "tomorrow" -> Parsed.Day(today.plusDays(1))
        "yesterday" -> Parsed.Day(today.minusDays(1))
        else -> parseRelative(phrase, today) ?: parseNext(phrase, today) ?: parseIso(phrase)
    }
}

private fun parseRelative(phrase: String, today: LocalDate): Parsed? {
    val (count, unit) = RELATIVE.matchEntire(phrase)?.destructured ?: return null
    val number = count.toLongOrNull() ?: return Parsed.Failure("$count is too large")
    return Parsed.Day(
        when (unit) {
            "day" -> today.plusDays(number)
            "week" -> today.plusWeeks(number)
            else -> today.plusMonths(number)
        },
    )
}

private fun parseNext(phrase: String, today: LocalDate): Parsed? {
    val (name) = NEXT.matchEntire(phrase)?.destructured ?: return null
    val day = DayOfWeek.entries.find { it.name.equals(name, ignoreCase = true) }
        ?: return Parsed.Failure("$name is not a day of the week")
    return Parsed.Day(today.with(TemporalAdjusters.next(day)))
}

private fun parseIso(phrase: String): Parsed =
    runCatching { Parsed.Day(LocalDate.parse(phrase)) }.getOrElse { Parsed.Failure("cannot read \"$phrase\"") }
