fun fizzBuzz(number: Int): String = when {
    number % 15 == 0 -> "FizzBuzz"
    number % 3 == 0 -> "Fizz"
    number % 5 == 0 -> "Buzz"
    else -> number.toString()
}

fun isPrime(number: Int): Boolean {
    if (number < 2) return false
    var divisor = 2
    while (divisor * divisor <= number) {
        if (number % divisor == 0) return false
        divisor++
    }
    return true
}

fun main() {
    (1..30).map(::fizzBuzz).forEach(::println)
    println("Primes: " + (1..50).filter(::isPrime).joinToString())
}
