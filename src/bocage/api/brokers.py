"""Sources that listen to brokers, and the publication, in figures of Prometheus: those of this process."""

from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Gauge

from bocage.ingest.mqtt.state import PUBLICATION, Phase, State, States, Waiting

_FIGURES: Final[tuple[tuple[str, str, Callable[[State, Waiting], float]], ...]] = (
    ("connected", "Whether the broker passes on what comes", lambda state, _wait: state.phase is Phase.LISTENING),
    ("connections", "Connections that came about since this process started", lambda state, _wait: state.connections),
    ("received", "Messages that came", lambda state, wait: state.messages + wait.messages),
    ("acknowledged", "Messages that are durable or refused, and acknowledged", lambda state, _wait: state.messages),
    ("kept", "Values kept, new or known already", lambda state, _wait: state.kept),
    ("made", "Entities created", lambda state, _wait: state.made),
    ("refused", "Values refused or in conflict", lambda state, _wait: state.declined),
    ("unreadable", "Messages that could not be read", lambda state, _wait: state.unreadable),
    ("waiting", "Messages that came and are not acknowledged yet", lambda _state, wait: wait.messages),
    ("waiting_seconds", "How long the oldest of them has waited", lambda _state, wait: wait.seconds),
)


def figures(states: States, collected: CollectorRegistry) -> None:
    """Add them; what listens to no broker has no line."""
    found = states.all()
    published = found.pop(PUBLICATION, None)
    for name, help_text, figure in _FIGURES if found else ():
        gauge = Gauge(f"bocage_mqtt_{name}", help_text, ["territory", "source"], registry=collected)
        for (territory, source), state in sorted(found.items()):
            gauge.labels(territory, source).set(figure(state, states.waiting((territory, source))))
    if published is not None:
        up = published.phase is Phase.LISTENING
        Gauge("bocage_mqtt_publishing", "Whether open values reach the broker", registry=collected).set(up)
        Gauge("bocage_mqtt_published", "Messages published", registry=collected).set(published.messages)
