"""Secrets are hidden; what only looks like one is left alone."""

from __future__ import annotations

import time

import pytest

from mailbot.reply.redact import _SEARCHES, is_cnpj, luhn, mask, masked_kinds
from mailbot.reply.shapes import HINT

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
# Made up from their documented shapes, put together here so that no scanner takes this file for a leak.
AWS = "AKIA" + "IOSFODNN7EXAMPLE"
GITHUB = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
SLACK = "xoxb" + "-123456789012-abcdefGHIJKL"
STRIPE = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
GOOGLE = "AIza" + "SyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nabc\n-----END RSA PRIVATE KEY-----"

SECRETS = [
    ("senha: Abc@1234", "Abc@1234", "password"),
    ("Senha: tucano", "tucano", "password"),
    ("a senha é Abc1234!", "Abc1234!", "password"),
    ("a senha do usuário é Abc1234", "Abc1234", "password"),
    ("minha senha Tuc4no99 não entra", "Tuc4no99", "password"),
    ("usuario: joao / senha: xY9#kk", "xY9#kk", "password"),
    ("password=hunter2", "hunter2", "password"),
    ("my password is Hunter2!", "Hunter2!", "password"),
    ("la contraseña es Perro123", "Perro123", "password"),
    ("contraseña: gato_azul7", "gato_azul7", "password"),
    ("la clave es Perro-99x", "Perro-99x", "password"),
    ('{"user": "a", "password": "p@ss word 1"}', "p@ss word 1", "password"),
    ("DB_PASSWORD=s3cr3tValue", "s3cr3tValue", "password"),
    ("spring.datasource.password: s3cr3t", "s3cr3t", "password"),
    ("<wsse:Password Type='x'>oracle9i</wsse:Password>", "oracle9i", "password"),
    ("dbPassword: 'x9kkQ1'", "x9kkQ1", "password"),
    ("postgres://app:pa55@db.example:5432/x", "pa55", "password"),
    ("mongodb+srv://root:qwerty@cluster.example", "qwerty", "password"),
    ("jdbc:oracle:thin:scott/tiger7@host:1521", "tiger7", "password"),
    ("Server=x;User Id=sa;Password=Str0ng;Encrypt=true", "Str0ng", "password"),
    ("api_key=a8f5f167f44f4964e6c998dee827110c", "a8f5f167f44f4964e6c998dee827110c", "api-key"),
    ("chave de API: a8f5f167f44f4964e6c998dee827110c", "a8f5f167f44f4964e6c998dee827110c", "api-key"),
    ("x-api-key: 9Zk3mQ7rT1", "9Zk3mQ7rT1", "api-key"),
    ("client_secret=Q~8kLm2nOp", "Q~8kLm2nOp", "token"),
    ("https://api.example/x?access_token=abc123def456&y=1", "abc123def456", "token"),
    ("refresh token: 1//0gLmN3kk", "1//0gLmN3kk", "token"),
    ("Authorization: Bearer abcdef123456ghij", "abcdef123456ghij", "authorization"),
    ("Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz", "authorization"),
    ("-H 'authorization: Token 9944b09199c62bcf9418ad846dd0e4bb'", "9944b09199c62bcf9418ad846dd0e4bb", "authorization"),
    ("header Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA==", "authorization"),
    ("usei o bearer k3yk3yk3yk3y9", "k3yk3yk3yk3y9", "token"),
    (f"o token {JWT} expirou", JWT, "token"),
    (f"id {AWS} ok", AWS, "api-key"),
    (f"use {GITHUB}", GITHUB, "token"),
    (f"bot {SLACK}", SLACK, "token"),
    (f"chave {STRIPE}", STRIPE, "api-key"),
    (f"maps {GOOGLE}", GOOGLE, "api-key"),
    ("Cookie: JSESSIONID=8A7B6C5D4E; theme=dark", "JSESSIONID=8A7B6C5D4E; theme=dark", "cookie"),
    ("Set-Cookie: sid=abc123; Path=/", "sid=abc123; Path=/", "cookie"),
    (f"segue a chave:\n{KEY}\nobrigado", KEY, "private-key"),
    ("cartão 4111 1111 1111 1111 val 12/29", "4111 1111 1111 1111", "card"),
    ("card 5500-0000-0000-0004", "5500-0000-0000-0004", "card"),
    ("amex 3782 822463 10005", "3782 822463 10005", "card"),
    ("o número 4012888888881881 foi recusado", "4012888888881881", "card"),
    ("4111111111111111 CVV 123", "123", "cvv"),
]


@pytest.mark.parametrize(("text", "secret", "kind"), SECRETS)
def test_a_secret_is_hidden_and_named(text: str, secret: str, kind: str) -> None:
    shown, found = mask(text)
    assert secret not in shown
    hit = next(m for m in found if m.kind == kind)
    assert text[hit.start : hit.end] == secret


HARMLESS = [
    "o pipeline npm-orders_sync-pedidos parou",
    "pipeline key: 64f0c2a1b9e84d5f8a7766554433221100aabbcc",
    "a pipeline key é b7e1f0c4-9d3a-4e55-8a17-2f60c9d4e812",
    "execution key 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
    "chave de execução: b7e1f0c4-9d3a-4e55-8a17-2f60c9d4e812",
    "la clave de la ejecución: 64f0c2a1b9e84d5f",
    "clave: 215470098123",
    "o ID do chat é 215470098123",
    "chat 4111111111111111",
    "pedido 4012888888881881",
    "order number 5500000000000004",
    "CNPJ 11.222.333/0001-81",
    "CNPJ 11222333000181",
    "30306294000145",
    "CPF 529.982.247-25 e 52998224725",
    "chave da NF-e 3526 1111 2223 3300 0181 5500 1000 0012 3410 0001 2349",
    "boleto 23793.38128 60007.827136 95000.063305 9 84410000026000",
    "a senha é inválida",
    "a senha expirou ontem",
    "minha senha não funciona",
    "senha: não funciona mais desde ontem",
    "esqueci a senha, podem redefinir?",
    "the password is wrong",
    "password: required",
    "password reset does not arrive",
    "la contraseña es incorrecta",
    "no puedo cambiar la contraseña desde ayer",
    "password: ********",
    "password: <your password>",
    "password=${DB_PASSWORD}",
    "token: null",
    "the token is expired",
    "o token está expirado",
    "erro: token inválido (401)",
    "we use bearer authentication",
    "Authorization: o header está sendo enviado vazio",
    "basic configuration of the connector",
    "cookie: problema com o navegador",
    "a chave do problema é a fila",
    "secret santa",
    "pin 1234",
    "https://host.example:8443/path@x",
    "phone +55 11 5555-0192 ramal 218",
    "2026-11-04 14:20:03.123 ERROR [exec-4] Read timed out after 30000 ms",
    "ISBN 978-3-16-148410-0",
    "1234 5678 9012 3456",
    "4111 1111 1111 1112",
    "sk-orders-sync-pipeline",
    "constraint pk_pedidosclientesintegracao",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_a_secret_stays(text: str) -> None:
    assert mask(text) == (text, ())


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Senha do painel se precisar: Pa$$w0rd123", "Pa$$w0rd123"),
        ("A senha do painel, caso precisem, é Pa$$w0rd123.", "Pa$$w0rd123"),
        ("A senha de acesso ao painel administrativo é Abc123!x", "Abc123!x"),
        ("password for the admin user, if needed: Hunter22x", "Hunter22x"),
        ("The password of the staging portal is Hunter22x, thanks", "Hunter22x"),
        ("contraseña del portal si la necesitan: Clave2024*", "Clave2024*"),
        ("Usuario: ana / senha provisória (hoje): Xy12345", "Xy12345"),
    ],
)
def test_a_password_is_hidden_some_words_behind_its_label(text: str, secret: str) -> None:
    shown, found = mask(text)
    assert secret not in shown
    assert [m.kind for m in found] == ["password"]


@pytest.mark.parametrize(
    "text",
    [
        "A senha expirou no pipeline: SyncPedidos2 parou",
        "Redefini a senha do portal às 14:20 em produção",
        "A senha do usuário do chamado: PROJ-77",
        "senha do painel: https://portal.example/reset/Abc123",
        "password reset of the user fails: Http500Error",
        "A senha do painel está com a Ana: Ana.Souza2@aurora.example",
        "contraseña del portal: la misma de siempre",
        "Password policy of the portal: Min8Chars",
        "senha do painel: ********",
        "a senha de acesso é trocada pelo fluxo: sync-pedidos-2",
        "a senha do banco, veja o anexo: Erro500.log",
        "A senha do painel foi aceita em 21/11/2026 às 14:20: depois falhou",
        "Não sei a senha. O fluxo é este: SyncPedidos2",
    ],
)
def test_what_stands_in_a_sentence_about_a_password_stays(text: str) -> None:
    assert mask(text) == (text, ())


def test_the_rest_of_the_text_stays_as_it_is() -> None:
    text = "antes\nsenha: Abc@1234\ndepois  com  espaços\n"
    assert mask(text)[0] == "antes\nsenha: [hidden: password]\ndepois  com  espaços\n"


def test_hiding_twice_changes_nothing_more() -> None:
    for text, _, _ in SECRETS:
        once, _ = mask(text)
        assert mask(once)[0] == once


def test_what_was_hidden_is_named_once_in_each_language() -> None:
    kinds = [m.kind for m in mask("senha: Abc@1234 e senha: Xyz@9876 e " + JWT)[1]]
    assert masked_kinds(kinds, "pt") == ["senha", "token de acesso"]
    assert masked_kinds(kinds, "en") == ["password", "access token"]
    assert masked_kinds(kinds, "es") == ["contraseña", "token de acceso"]


def test_a_private_key_that_is_cut_off_hides_everything_below_it() -> None:
    assert mask("senha: Tuc4no!9", "pt")[0] == "senha: [ocultado: senha]"
    assert mask("senha: Tuc4no!9", "es")[0] == "senha: [oculto: contraseña]"
    assert mask("x\n-----BEGIN PRIVATE KEY-----\nMIIE\nabc")[0] == "x\n[hidden: private key]"


@pytest.mark.parametrize("digits", ["4111111111111111", "378282246310005", "6011111111111117"])
def test_the_check_digit_of_a_card(digits: str) -> None:
    assert luhn(digits)
    assert not luhn(digits[:-1] + str((int(digits[-1]) + 1) % 10))


def test_the_check_digits_of_a_company_number() -> None:
    assert is_cnpj("11222333000181")
    assert not is_cnpj("11222333000182")


BAIT = [
    "senha ", "senha: ", "password=", "4 ", "4111-", "-----BEGIN PRIVATE KEY-----", "eyJ", "eyJaaaaaaaa.", "a_", "a.b-",
    "Authorization: ", "Bearer ", "://a:", "jdbc:x:y:", "cookie: a=", "<password ", "\"'", "token token ", "key key",
    "A" * 64, "\n", " ", "é", "is is ", "x@", "1-2 3",
]  # fmt: skip


@pytest.mark.parametrize("bait", BAIT)
def test_time_grows_no_faster_than_the_text(bait: str) -> None:
    text = (bait * (60_000 // len(bait)))[:60_000]
    start = time.process_time()
    mask(text)
    assert time.process_time() - start < 3


def test_the_quick_look_knows_every_hint_of_the_searches() -> None:
    hints = {hint for _, group in _SEARCHES for hint in group}
    assert hints == set(HINT)


def test_half_a_sign_breaks_nothing() -> None:
    assert mask("\ud800") == ("\ufffd", ())
    hidden, found = mask("senha: Tuc4no!9 \udfff")
    assert "Tuc4no" not in hidden
    assert len(found) == 1
