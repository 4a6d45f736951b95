# Tests that end in every way that bats knows.

@test "passes" {
  true
}

@test "fails with a < b & \"c\" ☕ ]]>" {
  echo "$(printf '\033')[31mred"
  false
}

@test "skipped" {
  skip "not yet"
}
