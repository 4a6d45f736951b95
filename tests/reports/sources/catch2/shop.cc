// Tests that end in every way that Catch2 knows.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#include <stdexcept>
TEST_CASE("passes") { CHECK(1 == 1); CHECK(2 == 2); }
TEST_CASE("fails") { CHECK(std::string("a < b & \"c\" ]]>") == ""); }
TEST_CASE("throws") { throw std::runtime_error("no database"); }
TEST_CASE("may fail", "[!mayfail]") { CHECK(false); }
TEST_CASE("should fail", "[!shouldfail]") { CHECK(false); }
TEST_CASE("is hidden", "[.]") { CHECK(false); }
TEST_CASE("sections") { SECTION("one") { CHECK(true); } SECTION("two") { CHECK(false); } }
