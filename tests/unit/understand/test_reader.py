"""The reader of whole mails: each sentence is read among the others, and each label hears those that bear on it."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from mailbot.understand import model
from mailbot.understand.model.around import setting
from mailbot.understand.model.reader import EVEN, FAR, INTO, PLACES, STEPS, WITHIN, Layers, Reader, place

NOWHERE = [[0.0, 0.0]] * PLACES
STRONG = round(1 / INTO)  # the written weight of 1


def _reader(**other: object) -> Reader:
    """Two units, one label. The first unit says yes, the second no; each is weighed as it is."""
    plain = {
        "labels": ["gives:it"],
        "bias": [0.0, 0.0],
        "subject": [0.0, 0.0],
        "mixed": [[0, 0], [0, 0]],
        "setting": {"elsewhere": [-3.0, 3.0]},
        "place": NOWHERE,
        "inner": [[0, 0], [0, 0]],
        "inner_bias": [0.0, 0.0],
        "out": [[0, 0], [0, 0], [0, 100], [0, -100]],
        "out_bias": [0.0],
    }
    return Reader(Layers(**plain | other))  # type: ignore[arg-type]


def _logit(reader: Reader, *sentences: tuple[int, int], where: tuple[str, ...] = ()) -> float:
    return reader.logits([((0, 0), 1.0), *((values, 1.0) for values in sentences)], where)["gives:it"]


YES, NO = (STRONG, 0), (0, STRONG)


def test_what_a_sentence_says_counts() -> None:
    assert _logit(_reader(), YES) > 0 > _logit(_reader(), NO)


def test_a_mail_of_nothing_has_a_logit() -> None:
    assert _reader().logits([((0, 0), 1.0)], ())["gives:it"] == 0


def test_a_sentence_that_bears_on_a_label_outweighs_many_that_do_not() -> None:
    even_handed = _logit(_reader(), YES, NO, NO, NO)
    listening = _reader(out=[[0, 0], [0, 0], [127, 100], [-127, -100]])  # a yes weighs as much as it says
    assert even_handed < 0 < _logit(listening, YES, NO, NO, NO)


def test_a_sentence_is_read_among_the_others() -> None:
    """Half a sentence of the second unit turns where the mean of the mail is of the first."""
    mixed = _reader(mixed=[[127, -127], [-127, 127]])
    weak = (0, STRONG // 8)
    assert _logit(mixed, YES, YES, weak) - _logit(_reader(), YES, YES, weak) > 0


@pytest.mark.parametrize(("where", "says"), [((), 1), (("elsewhere",), -1), (("unheard of",), 1)])
def test_where_a_mail_came_in_counts(where: tuple[str, ...], says: int) -> None:
    assert _logit(_reader(), YES, where=where) * says > 0


def test_inner_units_count_above_0() -> None:
    inner = _reader(inner=[[127, 0], [-127, 0]], out=[[0, 100], [0, 0], [0, 0], [0, 0]])
    assert _logit(inner, YES) > 0 == _logit(inner, NO)
    assert _logit(inner, YES) == pytest.approx(int(2 * STEPS * 127 * WITHIN) / STEPS / 2 * 100 * 0.006, rel=0.1)


def test_places_count_from_both_ends() -> None:
    assert len({place(at, 12) for at in range(12)}) == 2 * FAR + 1
    assert place(0, 1) != place(0, 2)
    assert max(place(at, count) for count in range(1, 20) for at in range(count)) < PLACES


WHERE = setting("digibee", "support", False)
FAILED = {
    "pt": "O pipeline sync-notas parou ontem às 14h em produção.",
    "en": "The sync-notes pipeline stopped yesterday at 14h in production.",
    "es": "El pipeline sync-notas se detuvo ayer a las 14h en producción.",
}
CHECKED = {
    "pt": "Reprocessei na mão com o arquivo de segunda e esse passou.",
    "en": "I reran it by hand with Monday's file and that one passed.",
    "es": "Lo reprocesé a mano con el archivo del lunes y ese pasó.",
}
THANKED = {"pt": "Obrigado pela ajuda de sempre.", "en": "Thanks for your help as ever.", "es": "Gracias por la ayuda."}


@pytest.mark.parametrize("language", ["pt", "en", "es"])
def test_a_check_behind_a_failure_is_an_analysis(language: str) -> None:
    def gives(second: str) -> float:
        return model.whole(WHERE, "sync-notas", [FAILED[language], second])[model.GIVES]["prior_analysis"]

    assert gives(CHECKED[language]) > 0 > gives(THANKED[language])


@pytest.mark.parametrize("language", ["pt", "en", "es"])
def test_the_kind_is_heard(language: str) -> None:
    read = model.whole(WHERE, "sync-notas", [FAILED[language], CHECKED[language]])[model.KIND]
    assert max(read, key=lambda kind: read[kind]) == "incident"


def test_an_empty_mail_is_read_without_error() -> None:
    read = model.whole((), "", [])
    assert set(read) == set(model.WHOLE)
    assert all(-6 <= logit <= 6 for logits in read.values() for logit in logits.values())


def test_the_gradients_are_those_of_the_loss() -> None:
    numpy = pytest.importorskip("numpy", reason="only `make train` installs numpy and scipy")
    sparse = pytest.importorskip("scipy.sparse", reason="only `make train` installs numpy and scipy")
    from mailbot.understand.model import train_reader

    chance = numpy.random.default_rng(0)
    sentences, names, starts = 7, 9, numpy.array([0, 3, 5])
    rows = sparse.csr_matrix((chance.random((sentences, names)) > 0.5) * chance.random((sentences, names)))

    def marks(count: int, labels: int, share: float) -> object:
        return (chance.random((count, labels)) > share) * 1.0

    where = sparse.csr_matrix(numpy.eye(3))
    places = numpy.array([0, 3, 4, 1, 2, 0, 9])
    told = (marks(sentences, 4, 0.5), marks(sentences, 4, 0.1), marks(3, 5, 0.5), marks(3, 5, 0.2))
    learnt = train_reader.Learnt(rows, starts, where, places, *told)
    begun = train_reader.begun(learnt, chance)
    spread = {one.name: getattr(begun, one.name).astype(float) for one in fields(begun)}
    reader = replace(begun, **{name: table + chance.normal(0, 0.3, table.shape) for name, table in spread.items()})
    asleep = train_reader.Asleep.drawn(sentences, chance)

    def loss() -> float:
        return train_reader.gradients(reader, numpy.arange(names), rows, learnt, asleep)[0]

    _, gradients = train_reader.gradients(reader, numpy.arange(names), rows, learnt, asleep)
    for table, gradient in zip(reader.tables(), gradients, strict=True):
        for _ in range(5):
            at = numpy.unravel_index(chance.integers(table.size), table.shape)
            kept = table[at]
            table[at] = kept + 1e-5
            more = loss()
            table[at] = kept - 1e-5
            less = loss()
            table[at] = kept
            assert (more - less) / 2e-5 == pytest.approx(gradient[at], abs=1e-5)


def test_a_row_is_made_even() -> None:
    assert EVEN < 1e-3
    assert _logit(_reader(), YES) == pytest.approx(_logit(_reader(), (STRONG * 9, 0)), abs=0.3)
