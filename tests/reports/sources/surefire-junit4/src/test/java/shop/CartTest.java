package shop;

import static org.junit.Assert.*;

import org.junit.*;

/** Run with -Dsurefire.rerunFailingTestsCount=2. */
public class CartTest {
    private static int tries = 0;
    private static int broken = 0;
    @Test public void passes() {}
    @Test public void neverPasses() { fail("never"); }
    @Test public void alwaysBreaks() { throw new IllegalStateException("no database"); }
    @Test public void passesAtTheThirdTry() { assertEquals(3, ++tries); }
    @Test public void breaksOnce() { if (broken++ == 0) throw new IllegalStateException("once"); }
    @Test @Ignore("not yet") public void skipped() {}
}
