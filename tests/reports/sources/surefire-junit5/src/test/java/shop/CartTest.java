package shop;

import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.*;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that end in every way that JUnit 5 knows. */
class CartTest {
    @Test void passes() { System.out.println("]]> & <failure/>"); }
    @Test void fails() { assertEquals("a < b & \"c\" ☕", "]]> \u001b[31mred"); }
    @Test void breaks() { throw new IllegalStateException("no database"); }
    @Test @Disabled("not yet") void skipped() {}
    @Test void assumesTooMuch() { Assumptions.assumeTrue(false, "not here"); }
    @ParameterizedTest @ValueSource(strings = {"<&>", "سلام", "🚀"})
    void each(String text) { assertNotEquals("🚀", text); }

    @Nested class WhenEmpty {
        @Test @DisplayName("the total is 0") void total() {}
    }
}
