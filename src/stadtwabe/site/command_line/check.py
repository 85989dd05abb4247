"""Says what is missing before the installation goes public. Exit status 1 if anything is."""

import argparse
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core import checks

from stadtwabe.hub.queries.mqtt import MqttHealth, health_of, mqtt_session
from stadtwabe.kit.clock import now
from stadtwabe.people.models import User
from stadtwabe.site.command_line.output import Output
from stadtwabe.site.installation import postgres_major


@dataclass(frozen=True)
class Finding:
    """One thing that is missing or wrong."""

    what: str
    remedy: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There is nothing to choose."""


def run(_options: argparse.Namespace, output: Output) -> int:
    """Prints the findings."""
    findings = [
        *missing_about_the_operator(),
        *unsafe_settings(),
        *about_the_broker(),
        *from_django(),
    ]
    lines = [f"- {finding.what} {finding.remedy}".rstrip() for finding in findings]
    output.result(
        {
            "findings": [asdict(finding) for finding in findings],
            "postgresql": postgres_major(),
            "data": str(settings.DATA),
        },
        "\n".join(lines) or "Nothing is missing.",
    )
    return 1 if findings else 0


def missing_about_the_operator() -> list[Finding]:
    """What the imprint needs (§ 5 DDG) and does not have."""
    return [
        Finding(f"The imprint has no {name}.", f"Set STADTWABE_OPERATOR_{name.upper()}.")
        for name, value in settings.OPERATOR.items()
        if not value
    ]


def unsafe_settings() -> list[Finding]:
    """Settings that are right on one's own machine only."""
    found = []
    if not settings.HTTPS:
        found.append(Finding("Pages are served without HTTPS.", "Set STADTWABE_HTTPS=1."))
    if settings.DEBUG:
        found.append(Finding("Errors show internals.", "Unset STADTWABE_DEBUG."))
    if settings.DEMO:
        found.append(Finding("Demo accounts may sign in.", "Use serve instead of demo."))
    elif User.objects.filter(is_demo=True, is_active=True).exists():
        found.append(Finding("Accounts of a demo are open.", "Start serve: it closes them."))
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        found.append(Finding("No e-mail is sent.", "Set STADTWABE_SMTP_HOST."))
    if set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"}:
        found.append(Finding("Only this machine is answered.", "Set STADTWABE_HOSTS."))
    return found


def about_the_broker() -> list[Finding]:
    """Whether the connection to the MQTT broker lives, where there is to be one."""
    session = mqtt_session()
    if settings.MQTT_BROKER is None:
        return []
    match health_of(session, now=now()):
        case MqttHealth.CONNECTED:
            problem = session.problem if session is not None else ""
            return [Finding(f"The MQTT broker says: {problem}", "")] if problem else []
        case MqttHealth.AWAY:
            problem = session.problem if session is not None else ""
            return [Finding(f"There is no connection to the MQTT broker: {problem}", "")]
        case _:
            return [Finding("Nobody holds the connection to the MQTT broker.", "Start serve.")]


def from_django() -> list[Finding]:
    """What Django itself finds, from warnings up."""
    return [
        Finding(f"{message.msg} ({message.id})", message.hint or "")
        for message in checks.run_checks()
        if message.level >= checks.WARNING
    ]
