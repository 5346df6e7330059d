"""Names of countries in Portuguese, English and Spanish, and their ISO 3166 alpha-2 codes.

In: nothing. Out: `CODES`, from a folded name to the code.
"""

from __future__ import annotations

_NAMES = """
AD andorra|AE emirados arabes unidos|emirados arabes|united arab emirates|uae|emiratos arabes unidos
emiratos arabes|dubai|AO angola|AR argentina|AT austria|AU australia|BE belgica|belgium|BG bulgaria|BO bolivia
BR brasil|brazil|CA canada|CH suica|switzerland|suiza|CL chile|CN china|CO colombia|CR costa rica|CU cuba
CV cabo verde|cape verde|CZ republica tcheca|czech republic|czechia|republica checa|tchequia|chequia|DE alemanha
germany|alemania|DK dinamarca|denmark|DO republica dominicana|dominican republic|EC equador|ecuador|EE estonia
EG egito|egypt|egipto|ES espanha|spain|espana|FI finlandia|finland|FR franca|france|francia|GB reino unido
united kingdom|uk|u.k.|great britain|inglaterra|england|gra-bretanha|gran bretana|escocia|scotland|wales|GH gana
ghana|GR grecia|greece|GT guatemala|GW guine-bissau|HK hong kong|HN honduras|HR croacia|croatia|HU hungria
hungary|HT haiti|ID indonesia|IE irlanda|ireland|IL israel|IN india|IS islandia|iceland|IT italia|italy|JP japao
japan|japon|KE quenia|kenya|kenia|KR coreia do sul|south korea|corea del sur|LT lituania|lithuania|LU luxemburgo
luxembourg|LV letonia|latvia|MA marrocos|morocco|marruecos|MX mexico|MY malasia|malaysia|MZ mocambique
mozambique|NG nigeria|NI nicaragua|NL holanda|paises baixos|netherlands|the netherlands|holland|paises bajos
NO noruega|norway|NZ nova zelandia|new zealand|nueva zelanda|PA panama|PE peru|PH filipinas|philippines
PL polonia|poland|PR porto rico|puerto rico|PT portugal|PY paraguai|paraguay|QA catar|qatar|RO romenia|romania
rumania|RS servia|serbia|RU russia|rusia|SA arabia saudita|saudi arabia|arabia saudi|SE suecia|sweden
SG singapura|singapore|singapur|SI eslovenia|slovenia|SK eslovaquia|slovakia|SV el salvador|TH tailandia
thailand|TR turquia|turkey|turkiye|TW taiwan|UA ucrania|ukraine|US us|estados unidos|united states
united states of america|usa|u.s.|u.s.a.|the us|eua|ee. uu.|ee.uu.|eeuu|the states|UY uruguai|uruguay
VE venezuela|VN vietna|vietnam|ZA africa do sul|south africa|sudafrica
"""


def _table() -> dict[str, str]:
    codes: dict[str, str] = {}
    code = ""
    for piece in _NAMES.replace("\n", "|").split("|"):
        if len(piece) > 2 and piece[:2].isupper() and piece[2] == " ":
            code, piece = piece[:2], piece[3:]
        if piece and code:
            codes[piece.strip()] = code
    return codes


CODES = _table()
ALPHA2 = frozenset(CODES.values())
