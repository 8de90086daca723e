"""What GoogleSQL makes of what lies at the edge: NULL, the place 0, zones of half hours."""

from __future__ import annotations

from sqlglot import exp

__all__ = [
    "begin_within",
    "concatenate_no_null",
    "truncate_on_the_clock",
    "write_sharp_s_as_two",
]


def concatenate_no_null(arrays: exp.ArrayConcat) -> None:
    """ARRAY_CONCAT of NULL and others is NULL; DuckDB passes over it."""
    given = [arrays.this, *arrays.expressions]
    is_missing = exp.or_(*(exp.Is(this=array.copy(), expression=exp.null()) for array in given))
    arrays.replace(exp.If(this=is_missing, true=exp.null(), false=arrays.copy()))


def begin_within(text: exp.Substring) -> None:
    """SUBSTR from the place 0, or from before the beginning, begins at the beginning."""
    start = text.args["start"]
    if isinstance(start, exp.Literal) and start.is_int and start.name != "0":
        return
    length = exp.Neg(this=exp.Length(this=text.this.copy()))
    is_outside = exp.or_(
        exp.EQ(this=start.copy(), expression=exp.Literal.number(0)),
        exp.LT(this=start.copy(), expression=length),
    )
    text.set("start", exp.If(this=is_outside, true=exp.Literal.number(1), false=start.copy()))


def truncate_on_the_clock(stamp: exp.TimestampTrunc) -> None:
    """Hours begin where the zone's do; sqlglot leaves the zone out, which matters at half hours.

    What the clock shows beyond the hour is taken off the instant: back from a clock that shows an
    hour twice, the way would be lost.
    """
    zone = stamp.args.get("zone")
    if zone is None or stamp.args["unit"].name.upper() != "HOUR":
        return
    clock = exp.AtTimeZone(this=stamp.this.copy(), zone=zone.copy())
    whole = exp.Anonymous(this="DATE_TRUNC", expressions=[exp.Literal.string("hour"), clock.copy()])
    beyond = exp.paren(exp.Sub(this=exp.paren(clock), expression=whole))
    stamp.replace(exp.paren(exp.Sub(this=stamp.this.copy(), expression=beyond)))


def write_sharp_s_as_two(upper: exp.Upper) -> None:
    """UPPER of a sharp s is SS, as Unicode maps it; DuckDB knows its capital."""
    sharp, two = exp.Literal.string("ß"), exp.Literal.string("ss")
    call = exp.Anonymous(this="REPLACE", expressions=[upper.this.copy(), sharp, two])
    upper.set("this", call)
