"""Lamps of a square that take orders, with all that the gate asks for."""

from typing import Any


def declare(world: Any, address: str, **changed: Any) -> None:
    """Declare them at this address, and the series that shows them."""
    import msgspec
    from tests.web.world import AT, HERE

    from bocage import evidence
    from bocage.accounts import OPERATOR
    from bocage.domain.actuator import Actuator, Setting
    from bocage.domain.human_channel import ChannelMeans, HumanChannel
    from bocage.domain.sensing import Datastream, ObservedProperty, Unit
    from bocage.domain.text import Text

    percent = Unit(name="pour cent", symbol="%", ucum="%")
    stream = Datastream(
        title=Text(fr="Gradation"), thing="ecole", observed_property="gradation", unit=percent, dataset="air"
    )
    named = ObservedProperty(title=Text(fr="Gradation", en="Dimming"))
    entities = [evidence.PutEntity(slug="gradation", entity=named), evidence.PutEntity(slug="gradation", entity=stream)]
    evidence.change(HERE, OPERATOR, entities, AT)
    world.put("human-channel", "astreinte", HumanChannel(title=Text(fr="Astreinte"), means=ChannelMeans.TELEPHONE))
    lamps = Actuator(
        title=Text(fr="Lampes de la place", en="Lamps of the square"),
        thing="ecole",
        service="ecoles",
        sets="gradation",
        unit=percent,
        settings=(Setting(value=50.0, title=Text(fr="veillée", en="evening")), Setting(value=100.0)),
        safe=100.0,
        longest_minutes=120,
        datastream="gradation",
        tolerance=2.0,
        address=address,
        by_hand=Text(fr="L’armoire de la place, clé au poste.", en="The cabinet of the square."),
        channels=("astreinte",),
    )
    world.put("actuator", "lampes", msgspec.structs.replace(lamps, **changed))
