"""Words that stand in the name of a device: things, makers, systems, browsers, the tools that calls are made with.

In: a folded word. Out: what sort of word it is, or "".
"""

from __future__ import annotations

_SORTS = {
    "thing": """
celular celulares telefone telefono fone smartphone smartphones phone phones handset handsets movil cel mobile
tablet tablets tableta tabletas tabletinha phablet terminal terminals terminais terminales leitor leitora
leitores lector lectora lectores coletor coletora coletores colector colectora colectores scanner scanners
escaner reader readers notebook notebooks note laptop laptops portatil netbook pc pcs desktop computador
computadores computadora computadoras computer ordenador ordenadores pdv pos tpv tpa totem totens totems kiosk
kiosks kiosko quiosco quioscos quiosque quiosques maquininha maquininhas pinpad datafono posnet impressora
impresora impresorita printer printers headset gafas oculos glasses relogio reloj watch smartwatch pantalla
pantallas screen screens display displays monitor painel paineis panel panels telao tv televisor televisao
balanca bascula balanza scale scales catraca torniquete turnstile torno cancela validador validadora validator
radio radios walkie handheld gun pistola bastao wand tag beacon sensor sensores gateway router roteador
roteadora clp plc ihm hmi rtu modem servidor server servers host vm container contenedor mainframe maquina
machine equipo equipamento aparelho aparato dispositivo device box caixa caja register till webcam camera camara
drone tracker rastreador gps navegador browser emulator emulador simulator simulador parlante parlantito altavoz
speaker workstation estacion estacao thinclient checador relogiador biometrico cuaderno parquimetro bomba
surtidor
""",
    "maker": """
apple iphone iphones ipad ipads macbook imac mac macs samsung galaxy motorola moto xiaomi redmi poco pixel
huawei honor kindle oppo realme oneplus nokia alcatel infinix tecno itel zte blu tcl sony xperia lg asus
acer dell hp lenovo thinkpad ideapad latitude inspiron vostro optiplex xps surface chromebook chromebooks
raspberry arduino pinebook toshiba vaio compaq positivo multilaser bangho noblex exo lanix hyundai philco
hisense panasonic toughbook toughpad getac zebra honeywell datalogic newland urovo symbol intermec chainway
unitech bluebird skorpio memor sunmi pax ingenico verifone gertec elgin bematech daruma tanca sweda clover sumup
stone cielo getnet pagseguro rede nayax castles nexgo dejavoo gilbarco wayne tokheim siemens schneider rockwell
abb beckhoff omron mitsubishi fanuc otis schindler thyssenkrupp hytera tetra kenwood icom garmin trimble
teltonika toledo filizola urano ishida digi bixolon epson brother canon ricoh kyocera lexmark xerox star citizen
sato tsc godex argox deggy henry topdata hikvision dahua zkteco suprema realwear hololens vuzix oculus quest
wacom nintendo playstation xbox steam fairphone unihertz doro cat igt novomatic crestron cisco mikrotik ubiquiti
fortinet synology qnap nvidia jetson beaglebone esp32 gigabyte msi razer alienware framework system76 amazon
google microsoft fitbit razr nexus blackberry htc meizu wiko bq gionee micromax lava jio kaios tigo coolpad
ulefone doogee cubot oukitel blackview crosscall airis medion fujitsu lifebook zenbook vivobook aspire nitro
predator legion yoga matebook magicbook pavilion elitebook probook zbook omen chromebox chromecast roku firetv
nuc wyse igel
""",
    "system": """
android ios ipados macos osx sonoma ventura monterey sequoia tahoe windows win7 win10 win11 win xp vista linux
ubuntu kubuntu xubuntu lubuntu debian raspbian fedora centos rhel redhat alpine rocky alma almalinux suse
opensuse arch manjaro mint zorin elementary pop freebsd openbsd netbsd solaris aix hpux zos kali gentoo
slackware nixos endeavouros garuda chromeos webos tizen harmonyos hyperos miui oneui lineageos graphene
grapheneos huayra canaima guadalinex lliurex wsl qnx vxworks watchos tvos wearos symbian oracle amazonlinux void
solus deepin pureos tails qubes bsd unix
""",
    "browser": """
chrome chromium firefox safari edge opera brave vivaldi librewolf explorer ie ie11 netscape waterfox duckduckgo
tor maxthon yandex seamonkey falkon epiphany konqueror
""",
    "tool": """
postman insomnia curl bruno soapui httpie node nodejs bun deno python java php ruby golang dotnet intellij
vscode jupyter godot unity unreal qgis arcgis swagger hoppscotch powershell putty wget citrix webview cordova
flutter electron xcode outlook excel
""",
}
_SORT = {word: sort for sort, words in _SORTS.items() for word in words.split()}
_ORDINARY = frozenset(
    """
alma alpine arch aspire blu box brave brother cat cielo citizen doro edge exo explorer honor host kali latitude
legion lava mint note omen opera oracle pixel poco pop predator quest rede rocky safari sierra star steam stone
surface symbol tails tetra tor urano vista void watch yoga zebra excel python ruby
""".split()  # noqa: SIM905
)  # names of devices that are words of their own


def sort_of(folded: str, capital: bool = True) -> str:
    """What sort of word it is: thing, maker, system, browser, tool, or ""; `capital`: whether it begins with one."""
    sort = _SORT.get(folded, "")
    return "" if sort not in {"", "thing"} and not capital and folded in _ORDINARY else sort
