"""What an address and a field's name say of a machine. In: a local part, a From field, a field name. Out: yes or no."""

from __future__ import annotations

import re
from functools import lru_cache

_LOCAL_PART = re.compile(r"([\w.+=%-]{1,64})@")
_NO_REPLY = re.compile(
    r"(?i)(?:^|[._+-])(?:no|not|do-?not|nao|n[ãa]o|donot|never|nunca)[._-]?(?:reply|replies|responder?a?|responda"
    r"|respond|resp"
    r"|answer|contest\w*)(?=$|[._+-]|\d)|^(?:noreply|naoresponda|naoresponder|noresponder)"
)
_AUTO_HEADER = re.compile(
    r"^(?:x-)?(?:[a-z0-9]{1,20}-)?(?:auto[-_]?(?:reply|replied|response|respond(?:er)?|generated"
    r"|submitted)(?:-from)?|mail-autoreply"
    r"|vacation|holidayreply|fc-machinegenerated|autoreply-from|amazon-auto-reply)$"
)
# On notices only. A desk's own fields (Zendesk, RT) also stand on what its people write.
_PROGRAM_HEADER = re.compile(
    r"^(?:x-github-(?:reason|sender|recipient)|x-gitlab-.+|x-jira-fingerprint|x-linkedin-(?:class|template)"
    r"|x-facebook-notify"
    r"|x-jenkins-.+|x-cron-env|x-datadog-.+|x-asterisk-.+|x-slack-.+|tls-report-(?:domain|submitter)"
    r"|x-tmda-fingerprint"
    r"|x-boxbe-.+|x-servicenow-generated|x-phishtest|x-list-administrivia|x-zabbix-.+|x-nagios-.+|x-sentry-.+"
    r"|x-pagerduty-.+"
    r"|x-ses-outgoing-notification|x-google-calendar-.+|x-ms-exchange-message-is-ndr)$"
)
_CAMPAIGN_HEADER = re.compile(
    r"^(?:feedback-id|x-campaign.*|x-mailgun-.*|x-sg-e?id|x-mc-user|x-csa-complaints|x-mailchimp.*|x-sfmc.*|x-hs-.*"
    r"|x-marketo.*|x-mktmailds|"
    r"x-cmail.*|x-roving.*|x-mailer-recptid|x-rdstation.*|x-emarsys.*|x-sib.*|x-mailjet-campaign|x-campaignid"
    r"|list-unsubscribe-post|x-report-abuse.*)$"
)
_CAMPAIGN_SENDER = re.compile(
    r"^(?:news(?:letter)?s?|marketing|promo\w*|campanhas?|comunica(?:cao|do)s?|ofertas|info-?mail|mailing|updates"
    r"|digest|boletin|boletim)\b"
)
_ROBOT = re.compile(
    r"^(?:jenkins|zabbix|nagios|icinga|grafana|prometheus|alertmanager|datadog|pagerduty|opsgenie|sentry|cron|logwatch"
    r"|veeam|voicemail|asterisk|efax|mailman|listserv|majordomo|sympa|gitlab|quarantine|dmarc\w*"
    r"|calendar-notification|azuredevops|glpi|otrs|root|anacron|mailer|postmaster|check-auth)$"
    r"|-(?:bounces?|owner|request|confirm)(?:\+.*)?$"
)
_CHANNEL = re.compile(
    r"^(?:alert(?:a?s)?|alarms?|monitor(?:ing)?|notif(?:y|ications?|icacoes|icaciones)|messages?|backups?|scanner"
    r"|fax|rt"
    r"|antispam(?:-\w+)?|spamfilter)$"
)
_DESK = re.compile(
    r"(?i)(?:^|[<\s])(?:support|suporte|soporte|help(?:-?desk)?|service-?desk|mesa-?\w*|sac|atendimento|atencion\w*"
    r"|contato"
    r"|contacto?|info|hello|ola|hola|sales|vendas|ventas|ti|it|jira|rt|otrs|care|operator|customer\w*|cliente\w*)@"
    r"|@(?:[\w-]+\.)*(?:zendesk|freshdesk|atlassian|service-now|movidesk|octadesk|zohodesk|hs-inbox|intercom-mail"
    r"|helpscout)\."
)


@lru_cache(maxsize=1024)  # most mails have the same few dozen fields
def is_auto_header(name: str) -> bool:
    """X-Autoreply and its cousins, also with a product's name in it."""
    return _AUTO_HEADER.match(name) is not None and name != "x-auto-response-suppress"


@lru_cache(maxsize=1024)
def campaign_header(name: str) -> bool:
    """What programs that send campaigns leave behind."""
    return _CAMPAIGN_HEADER.match(name) is not None


@lru_cache(maxsize=1024)
def program_header(name: str) -> bool:
    """What stands on notices of programs only."""
    return _PROGRAM_HEADER.match(name) is not None


def takes_no_answer(address: str) -> bool:
    """Does an address say of itself that nobody reads it ("no-reply@…")? Such a one is never written to."""
    return _NO_REPLY.search(local_part(address) or address[:200]) is not None


def local_part(address: str) -> str:
    """What stands before the @ of the first address in a From field; "" when there is none."""
    found = _LOCAL_PART.search(address)
    return found[1] if found else ""


def sends_campaigns(local: str) -> bool:
    """news@, marketing@: also people work there."""
    return _CAMPAIGN_SENDER.match(local) is not None


def robot(local: str) -> bool:
    """zabbix@, list-bounces@: programs, as a rule."""
    return _ROBOT.search(local) is not None


def channel(local: str) -> bool:
    """alerts@, notifications@: programs, and the people who look after them."""
    return _CHANNEL.match(local) is not None


def desk(sender: str) -> bool:
    """A From field of some company's desk."""
    return _DESK.search(sender) is not None
