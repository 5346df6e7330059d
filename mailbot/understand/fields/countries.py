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
AF afeganistao|afghanistan|afganistan|AL albania|AG antigua and barbuda|antigua e barbuda|antigua y barbuda|AM armenia
AW aruba|AZ azerbaijao|azerbaijan|azerbaiyan|BA bosnia|BB barbados|BD bangladesh|BF burkina faso|BH bahrein|bahrain
barein|BI burundi|BJ benin|BM bermuda|bermudas|BN brunei|BS bahamas|the bahamas|BT butao|bhutan|butan|BW botsuana
botswana|BY belarus|bielorrussia|bielorrusia|BZ belize|belice|CD congo|CF republica centro-africana|CI costa do marfim
ivory coast|cote d'ivoire|costa de marfil|CM camaroes|cameroon|camerun|CW curacao|curazao|CY chipre|cyprus|DJ djibouti
DM dominica|DZ argelia|algeria|ER eritreia|eritrea|ET etiopia|ethiopia|FJ fiji|fiyi|FO faroe islands|ilhas faroe
islas feroe|GA gabao|gabon|GD grenada|GE republic of georgia|GF guiana francesa|french guiana|guayana francesa
GI gibraltar|GL groenlandia|greenland|GM gambia|the gambia|GN guinea conakry|GQ guine equatorial|equatorial guinea
guinea ecuatorial|GU guam|GY guiana|guyana|IQ iraque|iraq|irak|IR iran|JM jamaica|JO jordania|KG quirguistao|kyrgyzstan
kirguistan|KH camboja|cambodia|camboya|KM comoros|comoras|KW kuwait|KY cayman islands|islas caiman|ilhas cayman
KZ cazaquistao|kazakhstan|kazajistan|LA laos|LB libano|lebanon|LC saint lucia|st lucia|LI liechtenstein|LK sri lanka
LR liberia|LS lesoto|lesotho|LY libia|libya|MC monaco|MD moldavia|moldova|ME montenegro|MG madagascar|MK macedonia
macedonia do norte|north macedonia|macedonia del norte|ML mali|MM mianmar|myanmar|MN mongolia|MO macau|macao
MQ martinica|martinique|MR mauritania|MT malta|MU mauritius|MV maldivas|maldives|MW malaui|malawi|NA namibia
NE niger|NP nepal|OM oman|PF polinesia francesa|french polynesia|PG papua new guinea|papua nova guine|papua nueva guinea
PK paquistao|pakistan|PS palestina|palestine|RW ruanda|rwanda|SB solomon islands|islas salomon|SC seychelles|SD sudao
sudan|SL serra leoa|sierra leone|sierra leona|SN senegal|SO somalia|SR suriname|surinam|SS south sudan|SY siria|syria
SZ eswatini|essuatini|TD chade|TG togo|TJ tajiquistao|tajikistan|tayikistan|TL timor-leste|timor leste|east timor
TM turcomenistao|turkmenistan|TN tunisia|tunez|TO tonga|TT trinidad e tobago|trinidad and tobago|trinidad y tobago
TZ tanzania|UG uganda|UZ uzbequistao|uzbekistan|VU vanuatu|WS samoa|YE iemen|yemen|ZM zambia|ZW zimbabue|zimbabwe
IE republic of ireland|GB northern ireland|irlanda do norte|irlanda del norte|pais de gales|gales|IN bharat
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
