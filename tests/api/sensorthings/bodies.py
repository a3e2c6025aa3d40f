"""Bodies of entities, as clients send them."""

from typing import Any

TYPE = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"


def place(name: str = "Cour", x: float = 2.0) -> dict[str, Any]:
    where = {"type": "Point", "coordinates": [x, 48.0]}
    return {"name": name, "description": "", "encodingType": "application/geo+json", "location": where}


def series(name: str = "Bruit", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "description": "Bruit de la cour",
        "observationType": TYPE,
        "unitOfMeasurement": {"name": "décibel", "symbol": "dB", "definition": "ucum:dB"},
        "ObservedProperty": {"name": "Bruit", "definition": "https://example.org/bruit", "description": "Niveau"},
        "Sensor": {
            "name": "Sonomètre",
            "description": "",
            "encodingType": "application/pdf",
            "metadata": "https://e.org/s.pdf",
        },
        **more,
    }


def thing(name: str = "Cour de l'école", **more: Any) -> dict[str, Any]:
    return {"name": name, "description": "Une cour", "properties": {"trees": 3}, **more}
