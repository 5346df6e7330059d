"""The samples that stand in the shipped packs come out as they should."""

from __future__ import annotations

import pytest

from mailbot.understand.samples import count, run_samples

from .reading import packs


@pytest.mark.parametrize("name", ["digibee", "api-operations", "sharpspring"])
def test_every_sample_of_a_shipped_pack_comes_out_right(name: str) -> None:
    pack = packs()[name]
    assert all(kind.samples.yes for kind in pack.kinds.values()), "every kind has samples"
    assert count(pack) >= 9
    assert run_samples(pack) == []
