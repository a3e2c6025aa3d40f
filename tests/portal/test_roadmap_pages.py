"""The roadmap, the page of a project and the maps of partners, as a stranger reads them."""

import re
from typing import Any

TOWN = "/val-de-loire"


def read(client: Any, path: str) -> str:
    answer = client.get(f"{TOWN}/{path}")
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


def test_the_roadmap_shows_both_trajectories_and_prototypes_that_were_never_carried_on(client: Any) -> None:
    page = read(client, "roadmap")
    assert "Globale : une plateforme" in page
    assert "Progressive : un service" in page
    assert re.search(r"Compter les places libres un jour de marché.*?Resté sans suite", page)
    assert re.search(r"Arroser selon l.+?humidité du sol.*?Prolongé par un autre projet.*?Pailler les massifs", page)
    assert "En retard" in page
    assert "style=" not in page.partition("<main")[2]
    some = read(client, "roadmap?trajectory=global&lang=en")
    assert "A common base for four services" in some
    assert "The banks by bike" not in some.partition("<main")[2]
    assert "No project" not in read(client, "roadmap?phase=nonsense")


def test_a_project_tells_who_does_what_and_its_money_line_by_line(client: Any) -> None:
    page = read(client, "roadmap/rives-a-velo")
    assert "Qui fait quoi" in page
    assert "Comptage des vélos et des piétons" in page
    assert re.search(r"Investissement.*?28 000 €.*?29 600 €", page)
    assert "70 %" in page
    assert "30 %" in page
    assert "88 % vont au passage à l’échelle" in page
    assert "ROI" not in page
    assert "Deux riverains regrettent le bruit" in page
    assert "18 jours de retard" in page
    assert client.get(f"{TOWN}/roadmap/inconnu").status_code == 404


def test_the_maps_lead_to_declarations_and_show_who_is_missing(client: Any) -> None:
    page = read(client, "stakeholders")
    assert f'<a href="{TOWN}/registers/actor/clapotis"><title>' in page
    assert "Personne n’est déclaré pour sa phase actuelle (conception)" in page
    assert "1 siège d’habitant est vacant." in page
    assert "Il se termine dans moins de 24 mois" in page
    only = read(client, "stakeholders?project=arrosage-connecte").partition("<figure")[2]
    assert "Clapotis" in only
    assert "Université" not in only.partition("</figure>")[0]
    english = read(client, "stakeholders?lang=en")
    assert re.search(r"\d+ places are empty that should not be\.", english)


def test_no_title_of_a_closed_register_is_in_any_public_page_or_file(client: Any) -> None:
    from bocage import registers
    from bocage.domain.kinds import KINDS
    from bocage.registers import shape

    held = [(KINDS[entry.key.kind].public, shape.title(entry.body)) for entry in registers.everything("val-de-loire")]
    told = {title for public, title in held if public}
    titles = [title.fr for public, title in held if not public and title not in told]
    assert titles
    paths = ["roadmap", "roadmap.json", "roadmap.csv", "roadmap.ics", "stakeholders", "stakeholders.json"]
    paths += [
        "stakeholders.csv",
        *(f"roadmap/{entry.key.slug}" for entry in registers.current("val-de-loire", "project")),
    ]
    for path in paths:
        said = read(client, path).replace("’", "'")
        assert [title for title in titles if f">{title}<" in said or f'"{title}"' in said] == [], path


def test_the_same_goes_out_as_files(client: Any) -> None:
    plain = client.get(f"{TOWN}/roadmap.json").json()
    left = [one["slug"] for one in plain["prototypes"] if one["fate"] == "left"]
    assert "stationnement-du-marche" in left
    lines = client.get(f"{TOWN}/roadmap.csv?phase=operation").content.decode().splitlines()
    assert {line.split(",")[0] for line in lines[1:]} == {"rives-a-velo"}
    calendar = client.get(f"{TOWN}/roadmap.ics")
    assert calendar["Content-Type"].startswith("text/calendar")
    assert calendar.content.decode().count("BEGIN:VEVENT") == calendar.content.decode().count("END:VEVENT") > 10
    ties = client.get(f"{TOWN}/stakeholders.json").json()
    vacant = [one["slug"] for one in ties["missing"] if one["code"] == "vacant-seats"]
    assert vacant == ["conseil-local-de-la-donnee"]


def test_a_territory_without_project_says_so(client: Any) -> None:
    answer = client.get("/marais/roadmap").content.decode()
    assert "Aucun projet n’est encore déclaré." in answer
    assert "Aucun acteur n’est encore déclaré." in client.get("/marais/stakeholders").content.decode()
    assert client.get("/marais/roadmap/rives-a-velo").status_code == 404
