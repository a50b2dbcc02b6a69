"""Calendar units: a date lies within a period if it has one of the period's units, and only then."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dates import end_of_period, parse_date
from app.search.index.calendar_units import cover_period, list_intervals, list_units

DAYS = st.dates() | st.sampled_from([date.min, date.max]) | st.dates(date(1985, 12, 1), date(1987, 1, 31))
LENGTHS = st.sampled_from([4, 7, 10])


@given(DAYS, DAYS, DAYS, LENGTHS)
def test_a_date_has_a_unit_of_a_period_if_it_lies_within(one, other, day, length):
    value = day.isoformat()[:length]
    moment, precision = parse_date(value)
    first, last = sorted([one, other])
    lies_within = first <= moment.date() and end_of_period(moment, precision).date() <= last

    assert (not list_units(value).isdisjoint(cover_period(first, last))) == lies_within


@given(DAYS, DAYS)
def test_a_period_has_few_units(one, other):
    assert len([*cover_period(*sorted([one, other]))]) <= 2 * (30 + 11 + 9 + 9) + 99


@pytest.mark.parametrize(
    ("value", "units", "intervals"),
    [
        ("1986-04-26", {"1986-04-26", "1986-04", "1986", "198", "19"}, ["year", "month", "day"]),
        ("1986", {"1986", "198", "19"}, ["year"]),
        ("198X", {"198", "19"}, []),
        ("19XX", {"19"}, []),
        ("1989/1991", {"1989", "1990", "1991", "198", "199", "19"}, ["year"]),
        ("1986-12/1987-01", {"1986-12", "1987-01", "1986", "1987", "198", "19"}, ["year", "month"]),
        (
            "1986-12-31/1987-01-01",
            {"1986-12-31", "1987-01-01", "1986-12", "1987-01", "1986", "1987", "198", "19"},
            ["year", "month", "day"],
        ),
    ],
)
def test_a_date_has_its_units_and_those_around_them(value, units, intervals):
    assert list_units(value) == units
    assert list_intervals(value) == intervals
