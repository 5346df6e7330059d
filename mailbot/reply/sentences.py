"""What decisions say of themselves, where engineers read it: English as the timeline keeps it, Portuguese, Spanish.

In: nothing. Out: a table for `reasons.py`, whose head says what the braces mean. A new sentence in `decide` that a mail
shows gets its line here; `tests/unit/reply/test_reasons.py` finds those that have none.
"""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # why the team gets a ticket now, or a further mail
    "the customer escalates": ("o cliente pede para escalar", "el cliente pide escalar"),
    "the customer escalates a ticket that engineers have": (
        "o cliente escala um chamado que já está com os engenheiros",
        "el cliente escala un ticket que ya tienen los ingenieros",
    ),
    "the customer wrote again": ("o cliente escreveu de novo", "el cliente volvió a escribir"),
    "the customer cannot be answered by the program: {why}": (
        "o programa não pode responder ao cliente: {why}",
        "el programa no puede responder al cliente: {why}",
    ),
    "asked {count} times, still open: {fields}; a person takes it as it is": (
        "perguntado {count} vezes, ainda em aberto: {fields}; uma pessoa assume como está",
        "se preguntó {count} veces, siguen abiertos: {fields}; una persona lo toma como está",
    ),
    "the customer does not have {fields}; the rest is there": (
        "o cliente não tem: {fields}; o resto está completo",
        "el cliente no tiene: {fields}; el resto está completo",
    ),
    "priority 1: a person at once, the questions go out beside it": (
        "prioridade 1: uma pessoa na hora, as perguntas seguem em paralelo",
        "prioridad 1: una persona de inmediato, las preguntas salen en paralelo",
    ),
    "{kind}: nothing is missing": ("{kind}: não falta nada", "{kind}: no falta nada"),
    "{kind}: what support cannot do is said, and a person sees it too": (
        "{kind}: o cliente soube o que o suporte não pode fazer, e uma pessoa também vê o caso",
        "{kind}: el cliente sabe qué no puede hacer soporte, y una persona también ve el caso",
    ),
    "no active contract is known for the sender: general help only": (
        "não se conhece contrato ativo do remetente: só ajuda geral",
        "no se conoce un contrato activo del remitente: solo ayuda general",
    ),
    "the sender is not proved: general help only": (
        "o remetente não está comprovado: só ajuda geral",
        "el remitente no está comprobado: solo ayuda general",
    ),
    "what was missing when the ticket went to a person is there now": (
        "o que faltava quando o chamado foi encaminhado já chegou",
        "lo que faltaba cuando el ticket pasó al equipo ya llegó",
    ),
    "the ticket is opened again": ("o chamado foi reaberto", "el ticket se reabrió"),
    "asks for the state of their tickets; the sender is not proved": (
        "pergunta pelos seus chamados; o remetente não está comprovado",
        "pregunta por sus tickets; el remitente no está comprobado",
    ),
    "asks for the state of their tickets, and the sender is proved": (
        "pergunta pelos seus chamados, e o remetente está comprovado",
        "pregunta por sus tickets, y el remitente está comprobado",
    ),
    "silence: engineers have the ticket and get this mail": (
        "sem resposta automática: o chamado está com os engenheiros, que recebem este e-mail",
        "sin respuesta automática: los ingenieros tienen el ticket y reciben este correo",
    ),
    "silence: {why}": ("sem resposta automática: {why}", "sin respuesta automática: {why}"),
    "the requester answers the survey: yes": (
        "o solicitante respondeu à pesquisa: sim",
        "el solicitante respondió la encuesta: sí",
    ),
    "the requester answers the survey: no": (
        "o solicitante respondeu à pesquisa: não",
        "el solicitante respondió la encuesta: no",
    ),
    "an engineer escalates": ("um engenheiro escala", "un ingeniero escala"),
    "split off ticket {number} by {by}": (
        "separado do chamado {number} por {by}",
        "separado del ticket {number} por {by}",
    ),
    # why this team
    "an escalation goes to the support leads": (
        "um escalonamento vai para os líderes de suporte",
        "un escalamiento va a los líderes de soporte",
    ),
    "in design: the project team of {name}": (
        "em fase de design: a equipe de projeto de {name}",
        "en fase de diseño: el equipo de proyecto de {name}",
    ),
    "route of pack {name}: {conditions}": (
        "regra do pacote {name}: {conditions}",
        "regla del paquete {name}: {conditions}",
    ),
    "default team of pack {name}": ("equipe padrão do pacote {name}", "equipo por defecto del paquete {name}"),
    "{kind} goes to {team}": ("{kind}: vai para {team}", "{kind}: va a {team}"),
    "{why}; team {name} is not in the directory: {fallback}": (
        "{why}; a equipe {name} não está no cadastro: {fallback}",
        "{why}; el equipo {name} no está en el directorio: {fallback}",
    ),
    "{why}; no team in the directory answers for it": (
        "{why}; nenhuma equipe do cadastro responde por isso",
        "{why}; ningún equipo del directorio responde por ello",
    ),
    "has the ticket": ("já tem o chamado", "ya tiene el ticket"),
    "{who} has the ticket": ("{who} já tem o chamado", "{who} ya tiene el ticket"),
    "critical: those on call are told at once": (
        "crítico: o plantão é avisado na hora",
        "crítico: la guardia recibe aviso de inmediato",
    ),
    "assigned by {by}": ("atribuído por {by}", "asignado por {by}"),
    "given by {by}": ("passado por {by}", "pasado por {by}"),
    # why the customer gets no automatic answer
    "the sender has no address that can be answered": (
        "o remetente não tem endereço para resposta",
        "el remitente no tiene una dirección a la que responder",
    ),
    "{address} is our own address": ("{address} é endereço nosso", "{address} es una dirección nuestra"),
    "nobody reads {address}": ("ninguém lê {address}", "nadie lee {address}"),
    "mail to {address} came back; nothing automatic goes there": (
        "um e-mail para {address} voltou; nada automático vai para lá",
        "un correo a {address} fue devuelto; nada automático va allí",
    ),
    "automatic replies are switched off for this mailbox": (
        "as respostas automáticas estão desligadas nesta caixa",
        "las respuestas automáticas están apagadas en este buzón",
    ),
    "a burst of automatic mail: replies are held back until an operator has looked": (
        "uma rajada de e-mails automáticos: as respostas esperam até um operador olhar",
        "una ráfaga de correos automáticos: las respuestas esperan hasta que un operador mire",
    ),
    "{count} automatic mails for this ticket within a day; the limit is {limit}": (
        "{count} e-mails automáticos neste chamado em um dia; o limite é {limit}",
        "{count} correos automáticos en este ticket en un día; el límite es {limit}",
    ),
    "{count} automatic mails for this ticket within a hour; the limit is {limit}": (
        "{count} e-mails automáticos neste chamado em uma hora; o limite é {limit}",
        "{count} correos automáticos en este ticket en una hora; el límite es {limit}",
    ),
    "{count} automatic mails for {address} within a day; the limit is {limit}": (
        "{count} e-mails automáticos para {address} em um dia; o limite é {limit}",
        "{count} correos automáticos para {address} en un día; el límite es {limit}",
    ),
    "{count} automatic mails for {address} within a hour; the limit is {limit}": (
        "{count} e-mails automáticos para {address} em uma hora; o limite é {limit}",
        "{count} correos automáticos para {address} en una hora; el límite es {limit}",
    ),
    # what came of commands
    "note kept": ("nota guardada", "nota guardada"),
    "assigned to {who}": ("atribuído a {who}", "asignado a {who}"),
    "team: {team}": ("equipe: {team}", "equipo: {team}"),
    "priority: {level}": ("prioridade: {level}", "prioridad: {level}"),
    "kind: {kind}": ("tipo: {kind}", "tipo: {kind}"),
    "asked for {fields}": ("perguntado: {fields}", "se preguntó: {fields}"),
    "link: {link}": ("link: {link}", "enlace: {link}"),
    "stage: {stage}": ("etapa: {stage}", "etapa: {stage}"),
    "resolved; the customer is told and asked whether it helped": (
        "resolvido; o cliente é avisado e perguntado se ajudou",
        "resuelto; se avisa al cliente y se le pregunta si sirvió",
    ),
    "closed": ("encerrado", "cerrado"),
    "opened again": ("reaberto", "reabierto"),
    "merged into {number}: answers to this ticket's mails go on there": (
        "unido ao {number}: as respostas aos e-mails deste chamado continuam lá",
        "unido al {number}: las respuestas a los correos de este ticket continúan allí",
    ),
    "a new ticket is opened for it": ("um novo chamado é aberto para isso", "se abre un ticket nuevo para ello"),
    "access is asked of those who may grant it": (
        "o acesso é pedido a quem pode concedê-lo",
        "se pide el acceso a quien puede concederlo",
    ),
    "escalated to {team}": ("escalado para {team}", "escalado a {team}"),
    "the incident is over; all who reported it are told": (
        "o incidente terminou; todos os que o relataram são avisados",
        "el incidente terminó; se avisa a todos los que lo informaron",
    ),
    "incident declared: {title}; told to those who write {list}": (
        "incidente declarado: {title}; avisado a quem escrever {list}",
        "incidente declarado: {title}; se avisa a quien escriba {list}",
    ),
    # what was wrong with commands
    "{count} commands in one mail; at most {most}": (
        "{count} comandos em um e-mail; no máximo {most}",
        "{count} comandos en un correo; como máximo {most}",
    ),
    "/{command}: no such command; did you mean /{near}?": (
        "/{command}: esse comando não existe; você quis dizer /{near}?",
        "/{command}: ese comando no existe; ¿quiso decir /{near}?",
    ),
    "/{command}: no such command; /help lists them all": (
        "/{command}: esse comando não existe; /help mostra todos",
        "/{command}: ese comando no existe; /help los muestra todos",
    ),
    "/note: write the note behind it": ("/note: escreva a nota em seguida", "/note: escriba la nota a continuación"),
    "/assign {name}: {count} engineers are meant: {list}": (
        "/assign {name}: pode ser qualquer um de {count} engenheiros: {list}",
        "/assign {name}: puede ser cualquiera de {count} ingenieros: {list}",
    ),
    "/{command}: no {thing} '{name}'; did you mean {near}?": (
        "/{command}: {thing} “{name}” não existe; você quis dizer {near}?",
        "/{command}: {thing} “{name}” no existe; ¿quiso decir {near}?",
    ),
    "/{command}: no {thing} '{name}'; there are: {list}": (
        "/{command}: {thing} “{name}” não existe; há: {list}",
        "/{command}: {thing} “{name}” no existe; hay: {list}",
    ),
    "/priority {given}: write 1, 2, 3 or 4": (
        "/priority {given}: escreva 1, 2, 3 ou 4",
        "/priority {given}: escriba 1, 2, 3 o 4",
    ),
    "/set {name}: write the value behind it": (
        "/set {name}: escreva o valor em seguida",
        "/set {name}: escriba el valor a continuación",
    ),
    "/ask: name the fields to ask for": ("/ask: diga que campos perguntar", "/ask: diga qué campos preguntar"),
    "/{command}: the ticket is closed; /reopen it first": (
        "/{command}: o chamado está encerrado; use /reopen antes",
        "/{command}: el ticket está cerrado; use /reopen antes",
    ),
    "/link {given}: write a card as JIRA-123, an issue as owner/repo#12, or an http(s) URL": (
        "/link {given}: escreva um cartão como JIRA-123, uma issue como owner/repo#12 ou uma URL http(s)",
        "/link {given}: escriba una tarjeta como JIRA-123, una issue como owner/repo#12 o una URL http(s)",
    ),
    "/stage: pack {name} has no stages of development": (
        "/stage: o pacote {name} não tem etapas de desenvolvimento",
        "/stage: el paquete {name} no tiene etapas de desarrollo",
    ),
    "/stage {given}: stages go forward one at a time; after {now} comes {next}": (
        "/stage {given}: as etapas avançam uma por vez; depois de {now} vem {next}",
        "/stage {given}: las etapas avanzan de a una; después de {now} viene {next}",
    ),
    "{why}: a ticket that is {state} cannot become {wanted}; possible are: {states}": (
        "{why}: um chamado na situação “{state}” não pode passar a “{wanted}”; pode passar a: {states}",
        "{why}: un ticket en estado “{state}” no puede pasar a “{wanted}”; puede pasar a: {states}",
    ),
    "/reopen: the ticket is {state}, not resolved or closed": (
        "/reopen: a situação do chamado é “{state}”, não resolvido nem encerrado",
        "/reopen: el estado del ticket es “{state}”, no resuelto ni cerrado",
    ),
    "{given}: write the number of the ticket in which this one goes on, as /merge 12": (
        "{given}: escreva o número do chamado em que este continua, como /merge 12",
        "{given}: escriba el número del ticket en el que este continúa, como /merge 12",
    ),
    "/merge {given}: this is ticket {number} itself; mails of tickets merged into it come here": (
        "/merge {given}: este é o próprio chamado {number}; os e-mails dos chamados unidos a ele chegam aqui",
        "/merge {given}: este es el mismo ticket {number}; los correos de los tickets unidos a él llegan aquí",
    ),
    "/merge {given}: there is no ticket {number}": (
        "/merge {given}: não há chamado {number}",
        "/merge {given}: no hay ticket {number}",
    ),
    "/merge {given}: that ticket is another customer's; they would read each other's mails": (
        "/merge {given}: esse chamado é de outro cliente; um leria os e-mails do outro",
        "/merge {given}: ese ticket es de otro cliente; uno leería los correos del otro",
    ),
    "/merge {given}: it was itself merged into {number}; merge into that one": (
        "/merge {given}: ele próprio foi unido ao {number}; una este àquele",
        "/merge {given}: ese mismo fue unido al {number}; una este a aquel",
    ),
    "/incident: write a title, and behind | the words that report it, divided by commas": (
        "/incident: escreva um título e, depois de |, as palavras que o relatam, separadas por vírgulas",
        "/incident: escriba un título y, después de |, las palabras que la informan, separadas por comas",
    ),
    # the list of commands
    "keep a note on the ticket; the customer does not see it": (
        "guarda uma nota no chamado; o cliente não a vê",
        "guarda una nota en el ticket; el cliente no la ve",
    ),
    "give the ticket to somebody": ("passa o chamado a alguém", "pasa el ticket a alguien"),
    "set the priority": ("define a prioridade", "define la prioridad"),
    "set the kind": ("define o tipo", "define el tipo"),
    "set a field": ("define um campo", "define un campo"),
    "ask the customer for fields": ("pergunta campos ao cliente", "pregunta campos al cliente"),
    "tie the ticket to a development card": (
        "liga o chamado a um cartão de desenvolvimento",
        "vincula el ticket a una tarjeta de desarrollo",
    ),
    "move it in development; one forward at a time, back as needed": (
        "muda a etapa de desenvolvimento; avança uma por vez, volta quando preciso",
        "cambia la etapa de desarrollo; avanza de a una, retrocede cuando haga falta",
    ),
    "tell the customer that it is solved and ask whether it helped": (
        "avisa ao cliente que está resolvido e pergunta se ajudou",
        "avisa al cliente que está resuelto y pregunta si sirvió",
    ),
    "close it; an answer opens a new ticket": (
        "encerra; uma resposta abre um novo chamado",
        "lo cierra; una respuesta abre un ticket nuevo",
    ),
    "open it again": ("reabre", "lo reabre"),
    "this ticket goes on in that one": ("este chamado continua naquele", "este ticket continúa en aquel"),
    "open another ticket for the same customer": (
        "abre outro chamado para o mesmo cliente",
        "abre otro ticket para el mismo cliente",
    ),
    "ask the customer's people who may grant it for access to make a change": (
        "pede acesso para uma mudança a quem, no cliente, pode concedê-lo",
        "pide acceso para un cambio a quien, en el cliente, puede concederlo",
    ),
    "give it to the support leads": ("passa aos líderes de suporte", "lo pasa a los líderes de soporte"),
    "declare a known incident, told to those who report it; or end it": (
        "declara um incidente conhecido, avisado a quem o relata; ou o encerra",
        "declara un incidente conocido, avisado a quien lo informa; o lo termina",
    ),
    "this list": ("esta lista", "esta lista"),
    # for operators
    "{count} automatic replies within ten minutes; the limit is {limit}": (
        "{count} respostas automáticas em dez minutos; o limite é {limit}",
        "{count} respuestas automáticas en diez minutos; el límite es {limit}",
    ),
    "renew the consent or the client secret, then set OAUTH__… and GRANT_EXPIRES in .env": (
        "renove o consentimento ou o segredo do cliente e ajuste OAUTH__… e GRANT_EXPIRES no .env",
        "renueve el consentimiento o el secreto del cliente y ajuste OAUTH__… y GRANT_EXPIRES en .env",
    ),
    "tickets keep their stage; it is tried again": (
        "os chamados mantêm a etapa; será tentado de novo",
        "los tickets conservan su etapa; se intentará de nuevo",
    ),
    "tickets keep their stage": ("os chamados mantêm a etapa", "los tickets conservan su etapa"),
    "check MAILBOT_{setting}": ("confira MAILBOT_{setting}", "revise MAILBOT_{setting}"),
    "see MAILBOT_{setting}": ("veja MAILBOT_{setting}", "vea MAILBOT_{setting}"),
    # last, for it fits much: /set
    "{field}: {value}": ("{field}: {value}", "{field}: {value}"),
}
