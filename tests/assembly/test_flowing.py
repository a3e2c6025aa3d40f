"""What a sender meets while the instance serves: refused until declared by a command, and figures that say so."""

import time
from pathlib import Path

import httpx
from tests.process import MAIN, SOURCE, Serving, bocage_, declared, instance

PUSH = f"/api/{MAIN}/push"
READING = {"datastream": "salle-9", "time": "2026-10-01T00:00:00Z", "result": 640}


def _figure(client: httpx.Client, name: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


def test_what_nobody_declared_is_refused_until_a_command_declares_it(tmp_path: Path) -> None:
    settings, folder = instance(tmp_path / "instance"), declared(tmp_path / "declared")
    bocage_(settings, "apply", folder)
    token = bocage_(settings, "token", "issue", SOURCE).stdout.split()[-1]
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    with Serving(settings) as serving, httpx.Client(base_url=serving.url, headers=headers, timeout=20) as client:
        refused = client.post(PUSH, json=READING)
        assert refused.status_code == 422
        assert refused.json()["refusals"][0]["way_out"].startswith(f"/{MAIN}/desk/")
        until = time.monotonic() + 15
        while not _figure(client, "bocage_refused{") and time.monotonic() < until:
            time.sleep(0.2)
        assert _figure(client, "bocage_refused{") == 1
        text = (folder / "datastream" / "salle-1.toml").read_text()
        new = "\n".join(line for line in text.splitlines() if not line.startswith(("id = ", "declaration = ")))
        path = folder / "datastream" / "salle-9.toml"
        path.write_text("declaration = { schema = 1 }\n" + new.replace("salle-1", "salle-9"), encoding="utf-8")
        assert "+ datastream/salle-9" in bocage_(settings, "apply", folder).stdout
        assert client.post(PUSH, json=READING).json()["accepted"] == 1
        assert client.post(PUSH, json=READING).json()["known"] == 1
        assert _figure(client, "bocage_log_position") == 1
        number = bocage_(settings, "token", "list").stdout.split("\t")[0]
        bocage_(settings, "token", "revoke", number)
        assert client.post(PUSH, json=READING).status_code == 401
