Feature: a shop
  Scenario: passes
    Given it works
  Scenario: fails
    Given it fails
  Scenario: waits
    Given it is pending
  Scenario: has no step
    Given nobody wrote this
  Scenario: is skipped
    Given it is skipped
