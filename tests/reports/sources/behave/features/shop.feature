Feature: a shop
  Scenario: passes
    Given it works
  Scenario: fails
    Given it fails
    Then it works
  Scenario: breaks
    Given it breaks
  Scenario: has no step
    Given nobody wrote this
  @skip
  Scenario: skipped
    Given it works
  Scenario Outline: examples
    Given it is <what>
    Examples:
      | what   |
      | good   |
      | broken |
