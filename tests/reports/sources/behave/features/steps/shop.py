from behave import given, then


@given("it works")
@then("it works")
def works(context):
    pass


@given("it fails")
def fails(context):
    assert "a < b & \"c\" ☕ ]]>" == ""


@given("it breaks")
def breaks(context):
    raise RuntimeError("no database")


@given("it is {what}")
def is_what(context, what):
    assert what == "good"
