"""Words of one meaning in three languages, so that what is learnt in one wording carries over to the others.

A word with a star stands for all words that begin so. All are folded (no accents, lower case). A word belongs to the
first meaning that names it; longer beginnings win over shorter ones.
"""

from __future__ import annotations

from functools import lru_cache

_WORDS = {
    "fail": "erro erros error errors falha* fallo* falla* fallan fail* exception* excecao excepcion* bug* crash* erra",
    "stop": """parou paro parad* stopped stops stopping caiu caem cayo caid* caen cae down died dies dead trav* hung hangs
        freez* frozen congel* fora detuv* detien* deten* quebr* broke* roto rota stuck offline indispon* outage stall* interromp*
        interrump* colg* halted empac*""",
    "should": """deveria* devia* deve devem deberia* debia* debe deben should supposed expect* esperad* esperav* esperab*
        esperamos esperabamos ought tendria* teria* normalmente normally meant""",
    "instead": "instead vez lugar contrario rather invece",
    "but": "mas porem contudo entretanto but however pero sino aunque although though apesar despite yet only so",
    "then": "depois entao then after afterwards despues luego entonces finally seguida next first primeiro primero antes",
    "arrive": "cheg* llega* llego arriv* reach* land* aparec* appear* shows show",
    "object": """pedido* order* orden* ordenes nota* notas fatura* invoice* factura* boleto* cliente* customer* registro* record*
        lead* leads contato* contact* payment* pago* pagament* arquivo* file* archivo* titulo* produto* product* item* items linha* row*
        fila* lineas line* dado* data datos mensage* message* messages mensaje* recibo* receipt* cobranc* guia* laudo* saldo* estoque
        stock contrato valor* value* amount* preco precios campo* field* fields email emails correo* correos""",
    "double": "duplic* doubl* twice dobr* doble* duas dos two repeated repet* triplic*",
    "empty": "vazi* empty vaci* zero* zerad* cero ceros null nulo* blank blanco branco nothing nada ninguno",
    "wrong": "errad* wrong equivocad* incorret* incorrect* trocad* mal swapped invertid* cambiad* outro distint* diferente* different",
    "lose": "perd* lost lose loses losing some sumiu sumi* desapare* disappear* vanish* drop* skip* missing falta* faltan faltou",
    "checked": """testei testamos verifiquei verificamos conferi conferimos olhei olhamos validei validamos comparei comparamos
        revisei revise revisamos chequei chequeamos cheque rodei rodamos reprocessei reprocessamos reprocesse reprocesamos reiniciei
        reiniciamos reinicie restarted tested checked verified compared looked ran reran rerun re-ran cleared replayed probe probamos
        comprobe comprobamos corrimos corri ejecute ejecutamos cambie cambiamos troquei trocamos limpei limpamos tirei tiramos
        desliguei desligamos aumentei aumentamos subi subimos consultei consultamos chamei chamamos fiz fizemos hice hicimos medimos
        medi measured isolei isolamos aisle aislamos restored rebooted bounced redeployed redeploy reinstalei reinstalamos reinstale
        reinstalled switched rolled analisei analisamos analice analizamos analysed analyzed refiz refizemos executei executamos
        revertemos reverti confirmei confirmamos confirme confirmed mirei mire miramos vimos vi saw noticed notamos notei contei conte
        counted llamamos llame lance lanzamos relance relanzamos relancei tentei tentamos intente intentamos tried pingamos pinged
        telnet telneted rotated rotacionamos quite quitamos removed removi removemos recriei recriamos recreated recreamos recree
        regenerated regeneramos gerei geramos apaguei apagamos borre borramos deleted copied copiei queried replicamos repliquei
        desactive desactivamos desativei desativamos disabled turned reverted ruled descartamos descartei descarte discarded""",
    "same": """mesm* same mismo misma mismos mismas igual iguais iguales identic* continu* still sigue* siguen seguimos persist* mudou
        changed cambio cambia change remain*""",
    "works": "funciona* works work worked working passa passou passaram passes passed pasa pasan paso conect* ok normal normais fine clean bem bien responde*",
    "conclude": "logo portanto therefore hence descart* isola* points aponta apunta means significa culpad* culprit cause causa",
    "time": "dia dias semana* day days week* hora horas hour* mes meses month* minuto* minute* manha manana ontem ayer yesterday",
    "answer": "retorno* resposta* reply replies answer* respuesta* update* novidade* novedad* feedback posicao posicion posicionamento contest*",
    "agree": "concord* acordo agree* disagree* acuerdo discord* aceit* acept* accept* satisf* insatisf*",
    "escalate": """escal* elevar elev* subir suba subam supervis* coordena* coordina* gerente gerencia gestor gestao gestion manager*
        management lider* senior jefe jefa chefe superior superiores director* diretor* responsavel responsable boss""",
    "person": "pessoa* alguem someone somebody persona* alguien outra otra another else especialista* specialist* expert* experto* engineer* analista* agent* agente*",
    "impact": """multa* fine fined fines prejuizo* risco* riesgo* risk* penal* diretoria auditor* auditoria regulador* regulator* loja*
        tienda* store* warehouse caminh* camion* truck* patients paciente* revenue faturam* facturac* ventas vendas sales vende* losing
        cancel* perdendo perdiendo critico critical urgent* prejud* reclam* complain* impact*""",
    "want": """quero queremos quer querem queria want wants wanted precis* need needs necesit* quiero queria quisiera* gostar* like love
        wish* desej* ideia idea objetivo* goal* aim aims finalidade finalidad purpose intuito proposito pretend* intend* objective""",
    "how": "como how qual quais which cual cuales what que possivel posible possible onde where donde can consigo dica existe there forma manera way",
    "read": """le lee leem leen read reads reading pega pegar busca buscar fetch* picks pick pull pulls recebe recebem receive* recibe*
        consome consume* escuta escucha listen* varre scan* captura extrai extract* extrae collects coleta toma tomar trae traer""",
    "transform": """converte* convert* conviert* transform* map maps mapea mapeia agrupa* group* calcula* calculat* enriquec* enrich* filtra*
        filter* quebra divide* splits split merges junta juntar consolid* cruza compara compares soma suma aggregate*""",
    "write": """grava gravar gravam manda mandar envia enviar envie sends send posts push* publica* publish* writes write insere insertar
        inserta insert* atualiza* actualiza* update updates devolve returns entrega* deliver* sobe sube upload* guarda guardar registra*
        register* store stores creates cria criar crear crea create posta sincroniz* sync* avisa notif* alerta alert* dispara trigger*""",
    "system": """erp crm sap oracle totvs protheus sftp ftp kafka rabbitmq api apis banco database bd db queue cola planilha csv webhook*
        salesforce vtex s3 netsuite dynamics hubspot shopify magento postgres* mysql mongodb activemq wms tms portal site web app hotfolder
        bucket topic topico sheet* spreadsheet* planilla hoja ecommerce e-commerce marketplace hub middleware lis prontuario""",
    "every": "cada every each todo todos todas all sempre always siempre noite noche night nightly daily diari* horas minutos when quando cuando whenever",
    "act": """clic* click* clico clica abro abre abrir open opens opened entro entra seleciono seleciona selecciona* select* escolh* elijo elige
        elegir elegimos choose preench* fill* lleno digit* type types typing salv* save saves guardo guarda guardar confirm* press* tap taps
        pulso pulsa pulsar acess* acced* ingres* marco marca scan escaneia atualiza refresca refresh* arrast* drag* arrastr* import* subo
        publico dispar* ejecut* execut* enviamos envio cadastr* registramos creo criamos cria adiciono agrego add adds login logar""",
    "repeat": "reproduz* reproduc* reproduce* simul* repetir repeat* repro replicar replicate basta bastar passos pasos steps passo paso roteiro etapas",
    "call": "chamada* call calls calling llamada* llamamos llamar post get put patch delete requis* request* curl postman peticion* consulta consultar endpoint solicitud",
    "evidence": """print prints printscreen screenshot* screen-shot captura* capturas tela telas video* log logs gravacao gravei grabac*
        grabe recording* screencast screengrab grabs foto fotos photo evidenc* imagem imagens imagen imagenes pantallazo* screen* gif loom
        traces trace dump har""",
    "attach": """anex* attach* adjunt* segue seguem sigue enclosed pfa below abaixo abajo link mando paso comparto dejo vai vao van va here
        including inclui incluyo encaminho""",
    "have": "tenho tem temos have has had got tengo tenemos tiene hay ha havia existe existen exists dispon* disponible available",
    "not": """nao n nunca no not never nenhum* ningun* nem ni none without sem sin neither nor nao don't doesn't didn't can't cannot won't
        couldn't isn't aren't wasn't haven't hasn't dont doesnt cant wont didnt unable tampoco jamais""",
    "later": "vou vamos will i'll we'll voy amanha tomorrow depois later luego logo breve assim soon apenas shortly enviarei enviaremos mandarei",
    "know": "sei sabemos know se sabe lembro remember recuerdo acuerdo idea aparece encontr* find found achei",
    "contract": """contrat* contract* licen* custa cuesta cost costs custo* price* prices pricing precio* renova* renew* proposta propuesta quote
        desconto descuento discount reajuste mensalidade mensualidad assinatura subscription fee fees clausula* clause* nf sla cotac* cotiz*
        billing tarifa* orcamento presupuesto budget pricelist""",
    "login": """login log-in senha password* contrasen* clave* acesso acceso access sso mfa 2fa entrar ingresar signin sign-in sign autentic*
        authenticat* usuario user credencia* credential* locked bloquead* convite invitacion invite* invitation redefin* reset""",
    "infra": "vpn ip ips firewall certificad* certificate* cert tunel tunnel whitelist* porta port puerto capac* memoria memory replica* range dns allowlist mtls agente ambiente environment",
    "design": "desenh* design* disen* projeto projetos proyecto* project projects arquitet* arquitect* architect* blueprint levantamento",
    "outside": "terceir* tercer* third-party partner* parceir* proveedor* fornecedor* supplier* deles delas their theirs ellos sefaz correios carrier transportadora",
    "mend": "corrig* correg* arrum* arregl* fix* consert* ajust* repar* mend resolv* solucion* restart reiniciem reinicien adjust*",
    "status": "status andamento previs* eta estado seguimiento avance* avanc* progress* situacao situacion pe pendente pendiente",
    "ticket": "ticket* chamado* caso casos case cases protocolo* solicitac* solicitud* incident* atendimento* atencion chat conversa* conversation* folio reclamo",
    "ours": "nosso* nossa* nuestro* nuestra* our ours meu minha mi mis my eu yo we nos gente",
    "yours": "voces vcs vc ustedes uds your yours you seu sua su sus vosotros vuestro* vuestra* vocês lado side ai alla",
    "thanks": "obrigad* gracias thanks thank grato grata agradec* valeu appreciate* cheers brigad*",
    "hello": "ola oi hola hello hi hey bom boa buen* buenos buenas good morning afternoon prezad* estimad* dear caros car* tarde dia",
    "please": "favor please por kindly gentileza pls",
    "manual": "mao mano hand manual* contorn* workaround* paliativ* alternativ* contingen* enquanto mientras meanwhile meantime stopgap provisor* provision*",
    "test": "teste testes test testing homolog* hml staging qa uat pruebas prueba sandbox dev desenvolvimento desarrollo development",
    "live": "producao produccion production prod prd live produtivo productivo",
    "slow": "lent* slow* demor* tarda* latenc* degrad* intermiten* instav* inestab* crawl*",
    "wished": "sugest* suger* sugir* suggest* melhoria mejora* improvement* recurso feature* funcionalidade* funcionalidad* adicionar add agregar incluir include inclusao permitir allow botao boton button opcao opcion option",
    "deadline": "ate hasta before until prazo* plazo* deadline* vence* vencimento go-live virada fechamento cierre",
    "many": "todos todas all inteir* entire whole enter* geral general total completo completa nenhum* nada cualquier* any everything tudo",
    "reason": "porque pq because pois motivo* razon* reason* justific* since ya",
}  # fmt: skip

_EXACT: dict[str, str] = {}
_BEGINNINGS: dict[str, str] = {}
for _meaning, _listed in _WORDS.items():
    for _word in _listed.split():
        (_BEGINNINGS if _word.endswith("*") else _EXACT).setdefault(_word.rstrip("*"), _meaning)
_LONGEST = max(map(len, _BEGINNINGS))
_SHORTEST = min(map(len, _BEGINNINGS))


@lru_cache(maxsize=20000)
def meaning(word: str) -> str | None:
    """The meaning of a folded word, or None."""
    found = _EXACT.get(word)
    if found:
        return found
    for length in range(min(len(word), _LONGEST), _SHORTEST - 1, -1):
        found = _BEGINNINGS.get(word[:length])
        if found:
            return found
    return None
