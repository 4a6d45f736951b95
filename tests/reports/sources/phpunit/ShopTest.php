<?php
use PHPUnit\Framework\TestCase;

final class ShopTest extends TestCase
{
    public function testPasses(): void { $this->assertTrue(true); }
    public function testFails(): void { $this->assertSame('a < b & "c" ☕ ]]>', ''); }
    public function testBreaks(): void { throw new RuntimeException('no database'); }
    public function testSkipped(): void { $this->markTestSkipped('not yet'); }
    public function testIncomplete(): void { $this->markTestIncomplete('not whole'); }
    public function testRisky(): void {}
    public function testWarns(): void { trigger_error('old', E_USER_WARNING); }
    /** @dataProvider numbers */
    public function testNumbers(int $number): void { $this->assertSame(1, $number); }
    public static function numbers(): array { return [[1], [2]]; }
}
