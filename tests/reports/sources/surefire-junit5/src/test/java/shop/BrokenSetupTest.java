package shop;

import org.junit.jupiter.api.*;

/** Breaks before its first test. */
class BrokenSetupTest {
    @BeforeAll static void setUp() { throw new IllegalStateException("no database"); }
    @Test void neverRuns() {}
}
