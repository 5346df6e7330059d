"""The name to greet somebody by, out of what stands in their From header; "" where it is not plainly a person's.

In: a display name. Out: a first name, or nothing: no greeting by name is better than a wrong one.
"""

from __future__ import annotations

import re

from mailbot.reply.clean import one_line

_NAME = re.compile(r"[^\W\d_]{2,20}(?:['’-][^\W\d_]{1,20})?")
_ROLES = """
    suporte support soporte atendimento contato contact contacto financeiro finance finanzas vendas sales ventas time
    team equipe equipo ti it admin administrador administrator info integracao integração integraciones integration
    sistema system sistemas nfe fiscal compras pedidos orders noreply no-reply helpdesk service servico serviço servicio
    ops devops monitoring monitoramento alerts alertas grupo group grp dev desenvolvimento development desarrollo
    contas cuentas accounts accounting billing payable tesouraria tesoreria tesorería compras procurement purchasing
    logistica logística operacoes operações operaciones operations qualidade calidad quality infra infraestrutura
    infraestructura infrastructure cadastro expedicao expedição almacen almacén warehouse secretaria recepcao recepção
    diretoria gerencia gerência projetos proyectos projects plataforma platform dados datos erp sap sac noc sre
    backoffice office central centro customer cliente clientes client user usuario usuário
    marketing rh hr faturamento contabilidade loja store tienda empresa company ltda sa inc gmbh llc the los las
"""
_NO_PERSON = frozenset(_ROLES.split())
_TITLES = frozenset(("sr", "sra", "srta", "dr", "dra", "eng", "engª", "engº", "prof", "mr", "mrs", "ms", "don", "doña"))


def first_name(display: str) -> str:
    """ "SOUZA, Ana Maria" -> "Ana"; "Suporte TI", "ana@x" and "ACME 24h" -> ""."""
    text = one_line(display, 80).strip("\"' ")
    if "@" in text or any(c.isdigit() for c in text):
        return ""
    text = re.sub(r"\(.*?\)|\[.*?\]|[|/–].*$| - .*$", "", text).strip()
    surname, comma, given = text.partition(",")
    words = (given if comma and given.strip() else surname).split()
    while words and words[0].strip(".").casefold() in _TITLES:
        words.pop(0)
    if not words or any(w.strip(".").casefold() in _NO_PERSON for w in text.replace(",", " ").split()):
        return ""
    name = words[0]
    if not _NAME.fullmatch(name):
        return ""
    return name.title() if name.isupper() or name.islower() else name
