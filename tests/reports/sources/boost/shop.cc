// Tests that end in every way that Boost.Test knows.
#define BOOST_TEST_MODULE shop
#include <boost/test/included/unit_test.hpp>
#include <stdexcept>
namespace ut = boost::unit_test;
BOOST_AUTO_TEST_CASE(passes) { BOOST_TEST(1 == 1); }
BOOST_AUTO_TEST_CASE(fails) { BOOST_TEST(std::string("a < b & \"c\" ]]>") == ""); }
BOOST_AUTO_TEST_CASE(throws) { throw std::runtime_error("no database"); }
BOOST_AUTO_TEST_CASE(disabled, *ut::disabled()) {}
BOOST_AUTO_TEST_CASE(expected, *ut::expected_failures(1)) { BOOST_TEST(false); }
BOOST_AUTO_TEST_CASE(asserts_nothing) {}
BOOST_AUTO_TEST_CASE(depends, *ut::depends_on("fails")) {}
