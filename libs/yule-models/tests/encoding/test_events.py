import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from yule_models.encoding import FeatureColumns, sequence_columns
from yule_models.encoding.events import learn_sequences
from yule_models.errors import FeatureTypeError


def frame(**columns: list[object]) -> pd.DataFrame:
    found = {
        name.replace("__", "."): pd.Series(values, dtype=pd.ArrowDtype(pa.array(values).type))
        for name, values in columns.items()
    }
    return pd.DataFrame({"visits": range(len(next(iter(found.values())))), **found})


AGES = [[3.0, 1.0], [], None, [2.0, None, 8.0]]
PAGES = [[2, 3], [], None, [0, 1, 2]]


def test_lists_are_sequences_beside_the_columns() -> None:
    columns = FeatureColumns.learn(frame(last__age=AGES, last__page=PAGES))
    assert columns.names == ("visits",)
    assert columns.sequences == ("last.age", "last.page")
    assert FeatureColumns.of(columns.to_json()) == columns
    with pytest.raises(FeatureTypeError, match=r"sequences that the table lacks: \['last.page'\]"):
        columns.check(frame(last__age=AGES))


def test_events_are_numbers_codes_and_lengths() -> None:
    features = frame(last__age=AGES, last__page=PAGES)
    [encoding] = learn_sequences(features, sequence_columns(features))
    assert (encoding.name, encoding.numbers, dict(encoding.sizes)) == (
        "last",
        ("last.age",),
        {"last.page": 4},
    )
    found = encoding.encode(features)
    assert found.lengths.tolist() == [2, 0, 0, 3]
    assert found.codes[:, 0].tolist() == [2, 3, 0, 1, 2]
    assert found.numbers[:, 1].tolist() == [0, 0, 0, 1, 0]
    known = found.numbers[[0, 1, 2, 4], 0]
    np.testing.assert_allclose([known.mean(), known.std()], [0, 1], atol=1e-6)


def test_a_slice_is_encoded_as_within_the_whole() -> None:
    features = frame(last__age=AGES, last__page=PAGES)
    [encoding] = learn_sequences(features, sequence_columns(features))
    whole, part = encoding.encode(features), encoding.encode(features.iloc[2:])
    assert part.lengths.tolist() == [0, 3]
    np.testing.assert_array_equal(part.numbers, whole.numbers[2:])


def test_a_code_beyond_those_of_training_is_an_unknown_value() -> None:
    features = frame(last__page=PAGES)
    [encoding] = learn_sequences(features, ["last.page"])
    later = frame(last__page=[[3, 4, 99, None]])
    assert encoding.encode(later).codes[:, 0].tolist() == [3, 1, 1, 0]


def test_lists_of_a_sequence_must_tell_the_same_events() -> None:
    features = frame(last__age=AGES, last__page=[[2], [2], None, [0, 1, 2]])
    with pytest.raises(FeatureTypeError, match=r"'last.age' and 'last.page' differ in length"):
        learn_sequences(features, ["last.age", "last.page"])[0].encode(features)


def test_lists_of_texts_are_refused() -> None:
    with pytest.raises(FeatureTypeError, match=r"lists of 'last.page' hold values of the type str"):
        learn_sequences(frame(last__page=[["home"], []]), ["last.page"])
