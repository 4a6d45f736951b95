// Package panics ends in the middle of a test.
package panics

import "testing"

func TestPasses(t *testing.T) {}

func TestPanics(t *testing.T) { panic("no database") }

func TestNeverRuns(t *testing.T) {}
