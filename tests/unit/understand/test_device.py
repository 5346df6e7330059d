"""Devices as written, told from signatures of mail clients and from where it works."""

from __future__ import annotations

import pytest

from mailbot.understand.fields import place_weight

from .slots import slots

GIVEN = (
    ("acontece no iPhone 12 com iOS 17", "iPhone 12 com iOS 17"),
    ("só no Chrome 141 no Windows 11", "Chrome 141 no Windows 11"),
    ("Dispositivo: Samsung Galaxy A54, Android 14", "Samsung Galaxy A54, Android 14"),
    ("The terminals are PAX A920", "PAX A920"),
    ("Aparelho: maquininha Gertec GPOS700", "maquininha Gertec GPOS700"),
    ("Equipo: Windows Server 2022", "Windows Server 2022"),
    ("roda em Ubuntu 22.04", "Ubuntu 22.04"),
    ("Navegador: Firefox", "Firefox"),
    ("OS: macOS 15", "macOS 15"),
    ("No Android funciona, no iPhone 14 trava", "iPhone 14"),
    ("on Android 13 the app crashes", "Android 13"),
    ("Falla en los Motorola Moto G84", "Motorola Moto G84"),
    ("Device - iPad Pro 11", "iPad Pro 11"),
    ("el navegador es Safari 17", "Safari 17"),
)

NOT_GIVEN = (
    "Enviado do meu iPhone",
    "Sent from my Galaxy S23",
    "Dispositivo: n/a",
    "não tem a ver com dispositivo",
)


@pytest.mark.parametrize(("words", "value"), GIVEN)
def test_the_device_is_found(words: str, value: str) -> None:
    assert slots(words, pack="api-operations").get("device") == value


@pytest.mark.parametrize("words", NOT_GIVEN)
def test_near_misses_of_the_device_are_none(words: str) -> None:
    assert "device" not in slots(words, pack="api-operations")


@pytest.mark.parametrize(
    ("words", "device"),
    [
        ("On Vivo Y16, open the pickup, the pin is in the water.", "Vivo Y16"),
        ("na catraca temos um leitor Zebra DS2208, trava", "leitor Zebra DS2208"),
        ("É o terminal Gertec GPOS700 do box 9.", "terminal Gertec GPOS700"),
        ("Uso um Dell com Windows 11, caso importe.", "Dell com Windows 11"),
        ("no PDV com Linux Mint, aperto F2 e trava", "PDV com Linux Mint"),
        ("yo le pico en mi celular Motorola donde dice recargas", "celular Motorola"),
        ("The donor was using Safari on an iPad.", "Safari on an iPad"),
        ("crashes on the Pixel 7 emulator, Android 14", "Pixel 7 emulator, Android 14"),
        ("O moto conta as corridas erradas", None),
        ("un poco más de tiempo", None),
        ("Vivo en Madrid.", None),
        ("on the surface it looks fine", None),
    ],
)
def test_a_device_is_told_with_what_it_is(words: str, device: str | None) -> None:
    assert slots(words, pack="api-operations").get("device") == device


def test_of_two_equally_likely_stretches_that_begin_alike_the_longer_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place_weight, "chance", lambda *_: 0.9)
    found = slots("pasa en el notebook Bangho cargo Pera desde ayer", pack="api-operations").get("device")
    assert found is not None
    assert found.startswith("notebook Bangho cargo Pera")
