"""The territories of the demonstration with a few things and observations more, as a program sees them."""

import asyncio
from datetime import date
from typing import Any

import httpx
import msgspec
import numpy as np
from tests.api.running import AT, MAIN, Instance
from tests.store.batches import HOUR, T0, batch

ROOT = "/sta/v1.1"


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """The service, as a program speaks to it. `numbers`: of open series by slug; `closed`: of a closed one."""

    instance: Instance
    numbers: dict[str, int]
    closed: int

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.instance.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://bocage.test") as client:
                return await client.request(
                    method, path if path.startswith(("http", "/")) else f"{ROOT}/{path}", **more
                )

        return asyncio.run(go())

    def get(self, path: str, **more: Any) -> Any:
        answer = self.ask("GET", path, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def status(self, path: str, **more: Any) -> int:
        return self.ask("GET", path, **more).status_code

    def names(self, path: str, **more: Any) -> list[str]:
        return [one["name"] for one in self.get(path, **more)["value"]]

    def results(self, path: str, **more: Any) -> list[Any]:
        return [one["result"] for one in self.get(path, **more)["value"]]

    @property
    def writer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.instance.token}"}


def furnished(instance: Instance) -> Service:
    """`air-ecoles` measures in two schools, open as the dataset `meteo`; a dwelling's meter is closed."""
    from bocage import evidence, registers
    from bocage.accounts import OPERATOR
    from bocage.domain.dataset import Ground, Openness
    from bocage.domain.declaration import Key
    from bocage.domain.sensing import Datastream, ObservedProperty, Sensor, Thing, Unit
    from bocage.domain.text import Text

    def stream(title: str, thing: str, **more: Any) -> Datastream:
        said = {"observed_property": "co2-air", "sensor": "sonde-test", "source": "air-ecoles", "dataset": "meteo"}
        return Datastream(title=Text(fr=title), thing=thing, unit=Unit(name="ppm", symbol="ppm"), **{**said, **more})

    puts = {
        "ecole-a": Thing(title=Text(fr="École A"), location=(0.5, 47.5), properties={"floors": 2}),
        "ecole-b": Thing(title=Text(fr="École B"), location=(1.5, 47.5)),
        "co2-air": ObservedProperty(title=Text(fr="CO2"), definition="https://example.org/co2"),
        "sonde-test": Sensor(title=Text(fr="Sonde"), metadata="https://example.org/sonde.pdf"),
        "compteur-b": stream("Compteur fermé", "ecole-b", dataset="reserve"),
        "classe-a": stream("CO2 de la classe A", "ecole-a"),
        "classe-b": stream("CO2 de la classe B", "ecole-b"),
        "etat-b": stream("Fenêtre de la classe B", "ecole-b", nature="state"),
    }
    meteo = registers.find(Key(territory=MAIN, kind="dataset", slug="meteo"))
    assert meteo is not None
    why = {"ground": Ground.PRIVACY, "reason": Text(fr="Vie privée"), "review": date(2027, 6, 1)}
    closed = msgspec.structs.replace(meteo.body, openness=Openness.CLOSED, **why)
    key = Key(territory=MAIN, kind="dataset", slug="reserve")
    evidence.change(MAIN, OPERATOR, [registers.Put(key=key, body=closed, expected=None)], AT)
    asked = [evidence.PutEntity(slug=slug, entity=body) for slug, body in puts.items()]
    placed = evidence.change(MAIN, OPERATOR, asked, AT).placed
    numbers = {one.slug: one.id for one in placed if one.kind == "datastream"}
    closed_number = numbers.pop("compteur-b")
    a, b, state = (numbers[slug] for slug in ("classe-a", "classe-b", "etat-b"))
    store = instance.store
    store.append(batch([a] * 5, T0 + np.arange(5) * HOUR, [1, 3, 10, None, 5])).result(5)
    store.append(batch([b] * 2, T0 + np.arange(2) * HOUR, [2, 4], end=T0 + np.arange(1, 3) * HOUR)).result(5)
    store.append(batch([state] * 3, T0 + np.arange(3) * HOUR, ["open", "10", True])).result(5)
    store.append(batch([closed_number], [T0], [7])).result(5)
    return Service(instance=instance, numbers=numbers, closed=closed_number)
