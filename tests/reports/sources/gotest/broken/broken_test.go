// Package broken cannot be compiled.
package broken

import "testing"

func TestNeverRuns(t *testing.T) { noSuchFunction() }
