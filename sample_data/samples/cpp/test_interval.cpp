#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "interval.hpp"

TEST_CASE("an interval knows what it contains")
{
    const Interval interval(2, 5);

    REQUIRE(interval.contains(2));
    REQUIRE(interval.contains(4));
    REQUIRE_FALSE(interval.contains(5));
    REQUIRE_FALSE(interval.contains(1));
}

TEST_CASE("the bounds must be in order")
{
    REQUIRE_THROWS_AS(Interval(5, 2), std::invalid_argument);
    REQUIRE_NOTHROW(Interval(5, 5));
}

TEST_CASE("intersection is symmetric")
{
    const auto low = GENERATE(0, 3, 6, 9);
    const auto width = GENERATE(0, 1, 4);
    const Interval fixed(2, 7);
    const Interval moving(low, low + width);

    REQUIRE(fixed.intersect(moving) == moving.intersect(fixed));
    REQUIRE(fixed.intersect(moving).length() <= moving.length());
}
