// Tests that end in every way that GoogleTest knows.
#include <gtest/gtest.h>
#include <stdexcept>
TEST(Cart, Passes) {}
TEST(Cart, Fails) { EXPECT_EQ(std::string("a < b & \"c\" ]]>"), ""); EXPECT_TRUE(false); }
TEST(Cart, Throws) { throw std::runtime_error("no database"); }
TEST(Cart, Skips) { GTEST_SKIP() << "not yet"; }
TEST(Cart, DISABLED_Never) {}
class Numbers : public testing::TestWithParam<int> {};
TEST_P(Numbers, IsOne) { EXPECT_EQ(GetParam(), 1); }
INSTANTIATE_TEST_SUITE_P(Two, Numbers, testing::Values(1, 2));
struct Broken : testing::Test { static void SetUpTestSuite() { FAIL() << "no database"; } };
TEST_F(Broken, NeverRuns) {}
