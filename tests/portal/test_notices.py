"""Signs and notices for everyone: the PDF says what is declared, its code leads there, the chain follows what runs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pypdfium2
import pytest
import zxingcpp

from .taking import AT, Instance, instance

PUBLIC = "https://donnees.exemple.fr"
HERE = "val-de-loire"
NOTICES = f"/api/{HERE}/notices"
ONE = f"{NOTICES}/comptage-bords-de-loire"
A4, A5 = (595, 842), (420, 595)


@pytest.fixture
def there(db: Path, tmp_path: Path) -> Iterator[Instance]:
    from bocage import evidence
    from bocage.domain.instance_settings import InstanceSettings

    made = instance(tmp_path)
    made.parts.chosen.choose(InstanceSettings(public_url=PUBLIC))
    yield made
    evidence.connect(None)


def change(kind: str, slug: str, **changed: Any) -> None:
    """Another version of a declaration."""
    from bocage import evidence, registers
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key

    key = Key(territory=HERE, kind=kind, slug=slug)
    entry = registers.find(key)
    assert entry is not None
    body = msgspec.structs.replace(entry.body, **changed)
    evidence.change(HERE, OPERATOR, [evidence.Put(key=key, body=body, expected=entry.version)], AT)


def translated(*languages: str) -> None:
    """The notice with a translation in each of these languages."""
    from bocage.domain.translation import Language, Translation

    said = {"de": "Fahrräder und Fußgänger", "es": "Bicicletas y peatones", "oc": "Bicicletas e caminaires"}
    some = tuple(Translation(language=Language(one), title=said[one], why=f"Warum {one}") for one in languages)
    change("sensor-notice", "comptage-bords-de-loire", translations=some)


class Pdf:
    """What a reader and a telephone find in a document."""

    def __init__(self, document: bytes) -> None:
        with pypdfium2.PdfDocument(document) as read:
            self.sizes = [tuple(round(side) for side in page.get_size()) for page in read]
            self.text = " ".join("\n".join(page.get_textpage().get_text_bounded() for page in read).split())
            drawn = [page.render(scale=2, grayscale=True).to_numpy() for page in read]
        self.codes = [code.text for page in drawn for code in zxingcpp.read_barcodes(page)]


def test_the_sign_says_what_is_declared_on_one_page_and_its_code_leads_to_the_notice(there: Instance) -> None:
    answer = there.client().get(f"{ONE}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-language"] == "fr"
    sign = Pdf(answer.content)
    assert sign.sizes == [A4]
    for said in ("Passages vélo piétons", "Nous comptons les passages", "Une question ?", "Val-de-Sèvre-et-Loire"):
        assert said in sign.text
    assert sign.codes == [f"{PUBLIC}/{HERE}/notices/comptage-bords-de-loire"]


def test_a5_is_one_page_of_a5_and_another_size_is_told_so(there: Instance) -> None:
    assert Pdf(there.client().get(f"{ONE}.pdf?size=a5").content).sizes == [A5]
    assert there.client().get(f"{ONE}.pdf?size=a3").status_code == 422


def test_with_english_alone_the_sign_stays_in_french(there: Instance) -> None:
    sign = Pdf(there.client().get(f"{ONE}.pdf").content)
    assert "Bikes and walkers" not in sign.text


def test_with_two_other_languages_the_sign_speaks_three(there: Instance) -> None:
    translated("de")
    answer = there.client().get(f"{ONE}.pdf?size=a5")
    sign = Pdf(answer.content)
    assert answer.headers["content-language"] == "fr,en,de"
    assert sign.sizes == [A5]
    assert all(said in sign.text for said in ("Passages vélo piétons", "Bikes and walkers", "Fahrräder und Fußgänger"))


def test_french_and_one_other_language_are_refused_with_the_text_and_what_to_do(there: Instance) -> None:
    translated("de", "es")
    answer = there.client().get(f"{ONE}.pdf?lang=fr,de", headers={"accept-language": "fr"})
    (refusal,) = answer.json()["refusals"]
    assert answer.status_code == 403
    assert "n° 94-665 du 4 août 1994, articles 3 et 4" in refusal["reference"]
    assert refusal["where"] == f"/{HERE}/desk/registers/sensor-notice/comptage-bords-de-loire/edit"
    assert all(refusal[line] for line in ("what", "reason", "reference", "to_do"))


@pytest.mark.parametrize(("lang", "status"), [("fr", 200), ("fr,de,es", 200), ("de,es", 403), ("fr,it,de", 422)])
def test_languages_are_those_asked_for_when_the_rule_permits(there: Instance, lang: str, status: int) -> None:
    translated("de", "es")
    assert there.client().get(f"{ONE}.pdf?lang={lang}").status_code == status


def test_without_a_public_address_no_sign_exists_and_four_lines_say_why(there: Instance) -> None:
    from bocage.domain.instance_settings import InstanceSettings

    there.parts.chosen.choose(InstanceSettings())
    for address in (f"{ONE}.pdf", f"{NOTICES}.pdf"):
        answer = there.client().get(address, headers={"accept-language": "fr"})
        refusal = answer.json()["refusals"][0]
        assert answer.status_code == 403
        assert "adresse publique" in refusal["reason"]
        assert refusal["where"] == f"/{HERE}/desk/settings"
        assert all(refusal[line] for line in ("what", "reason", "reference", "to_do"))


def test_who_has_the_sign_already_is_told_so_until_it_changes(there: Instance) -> None:
    first = there.client().get(f"{ONE}.pdf")
    held = {"if-none-match": first.headers["etag"]}
    assert there.client().get(f"{ONE}.pdf", headers=held).status_code == 304
    assert there.client().get(f"{ONE}.pdf?size=a5", headers=held).status_code == 200
    translated("de")
    assert there.client().get(f"{ONE}.pdf", headers=held).status_code == 200


@pytest.mark.parametrize("end", ["json", "pdf"])
def test_what_nobody_declared_or_was_withdrawn_is_not_there(there: Instance, end: str) -> None:
    from bocage import evidence
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key

    anyone = there.client()
    assert anyone.get(f"{NOTICES}/personne.{end}").status_code == 404
    assert anyone.get(f"/api/nulle-part/notices/station-meteo.{end}").status_code == 404
    assert anyone.get(f"/api/marais/notices/comptage-bords-de-loire.{end}").status_code == 404
    key = Key(territory=HERE, kind="sensor-notice", slug="station-meteo")
    evidence.change(HERE, OPERATOR, [evidence.Withdraw(key=key, expected=1)], AT)
    assert anyone.get(f"{NOTICES}/station-meteo.{end}").status_code == 404


def test_all_signs_are_printed_at_once_one_for_each_thing(there: Instance) -> None:
    listed = there.client().get(f"{NOTICES}.json").json()
    copies = sum(max(1, len(one["things"])) for one in listed["notices"])
    sheet = Pdf(there.client().get(f"{NOTICES}.pdf").content)
    assert sheet.sizes == [A4] * copies
    assert len(sheet.codes) == copies


def test_a5_signs_lie_two_by_two_on_a4(there: Instance) -> None:
    sheet = Pdf(there.client().get(f"{NOTICES}.pdf?size=a5&service=mobilites").content)
    assert sheet.sizes == [(842, 595), (842, 595)]
    assert sheet.codes == [f"{PUBLIC}/{HERE}/notices/comptage-bords-de-loire"] * 3


def test_a_sign_of_a_batch_names_where_it_hangs(there: Instance) -> None:
    sheet = Pdf(there.client().get(f"{NOTICES}.pdf").content)
    assert "Mauves" in sheet.text
    assert there.client().get(f"{NOTICES}.pdf?place=nulle+part").status_code == 404


def chain(there: Instance, notice: str = "comptage-bords-de-loire") -> dict[str, Any]:
    document = there.client().get(f"{NOTICES}/{notice}.json").json()
    return {link["category"]: link for link in document["chain"]}


def test_the_chain_is_complete_for_a_declared_thing(there: Instance) -> None:
    found = chain(there)
    assert list(found) == [
        "device__tech",
        "device__data",
        "device__purpose",
        "device__process",
        "device__access",
        "device__storage",
        "device__retention",
        "device__accountable",
    ]
    assert all(link["elements"] for link in found.values())
    assert found["device__tech"]["sensors"]
    assert found["device__data"]["measured"][0]["title"]["fr"]
    assert found["device__data"]["personal"] is False
    assert found["device__purpose"]["purposes"][0]["purpose"] == "frequentation-velo-pieton"
    assert found["device__storage"]["hosting"][0]["country"] == "FR"
    assert found["device__retention"]["retention"][0]["months"]
    assert found["device__accountable"]["organisations"]
    assert "DTPR" in there.client().get(f"{ONE}.json").json()["dtpr"]["attribution"]


def ids(link: dict[str, Any]) -> set[str]:
    return {one["id"] for one in link["elements"]}


def test_the_chain_follows_what_runs(there: Instance) -> None:
    before = chain(there, "station-meteo")
    assert "available_to_download" in ids(before["device__access"])
    change("purpose", "meteo-locale", retention_months=18)
    change("dataset", "meteo", **closing())
    after = chain(there, "station-meteo")
    assert "available_to_download" not in ids(after["device__access"])
    assert after["device__access"]["datasets"][0]["state"] == "closed"
    assert after["device__retention"]["retention"][0]["months"] == 18
    assert after["device__retention"]["elements"][0]["name"]["fr"] == "Retenu 18 mois"


def closing() -> dict[str, Any]:
    from datetime import timedelta

    from bocage.domain.dataset import Ground, Openness
    from bocage.domain.text import Text

    reason = Text(fr="Décision en préparation")
    review = AT.date() + timedelta(days=200)
    return {"openness": Openness.CLOSED, "ground": Ground.PREPARATORY, "reason": reason, "review": review}


def test_data_kept_abroad_are_said_to_be(there: Instance) -> None:
    assert "stored_locally" in ids(chain(there)["device__storage"])
    for one in chain(there)["device__storage"]["hosting"]:
        change("hosting-site", one["site"], country="DE")
    found = ids(chain(there)["device__storage"])
    assert "stored_primarily_internationally" in found
    assert "stored_locally" not in found


def test_the_json_of_a_notice_is_stable_and_names_its_page(there: Instance) -> None:
    first = there.client().get(f"{ONE}.json")
    document = first.json()
    assert document["address"] == f"{PUBLIC}/{HERE}/notices/comptage-bords-de-loire"
    assert document["sign"] == f"{ONE}.pdf"
    again = there.client().get(f"{ONE}.json", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


def test_a_rule_that_watches_the_thing_is_told_as_the_published_list_tells_it(there: Instance) -> None:
    from bocage import evidence
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key
    from bocage.domain.measure import Aggregate, Measure
    from bocage.domain.rule import Comparison, Constant, Rule
    from bocage.domain.text import Text

    def rules(*thing: str) -> dict[str, str]:
        return {one["rule"]: one["decides"]["fr"] for one in chain(there, *thing)["device__process"]["algorithms"]}

    before = rules("station-meteo")
    watched = Measure(datastreams=("meteo-temperature",), aggregate=Aggregate.MEAN)
    body = Rule(
        title=Text(fr="Canicule"),
        service="environnement",
        condition=Comparison(measure=watched, than=Constant(value=30)),
    )
    key = Key(territory=HERE, kind="rule", slug="canicule")
    evidence.change(HERE, OPERATOR, [evidence.Put(key=key, body=body, expected=None)], AT)
    told = rules("station-meteo")
    assert set(told) - set(before) == {"canicule"}
    assert "30" in told["canicule"]
    assert "canicule" not in rules()
