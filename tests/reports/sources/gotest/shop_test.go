// Package shop has tests that end in every way that go test knows.
package shop

import (
	"os"
	"testing"
)

func TestPasses(t *testing.T) {}

func TestFails(t *testing.T) { t.Error("a < b & \"c\" ☕ ]]> \x1b[31mred\x1b[0m") }

func TestSkipped(t *testing.T) { t.Skip("not yet") }

func TestParts(t *testing.T) {
	for _, name := range []string{"<&>", "سلام", "🚀"} {
		t.Run(name, func(t *testing.T) {
			if name == "🚀" {
				t.Error("too far")
			}
		})
	}
}

func TestFlaky(t *testing.T) {
	mark := os.Getenv("FLAKY_MARK")
	if _, err := os.Stat(mark); err != nil {
		os.WriteFile(mark, nil, 0o600)
		t.Error("the first try")
	}
}
