*** Test Cases ***
Passes
    Log    fine

Fails
    Should Be Equal    a < b & "c" ☕ ]]>    nothing

Is skipped
    Skip    not yet

Fails and is let pass
    [Tags]    known
    Fail    known

Setup breaks
    [Setup]    Fail    no database
    Log    never
