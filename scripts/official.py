"""Makes the packaged official files from the State's: `official.py DIVISIONS OUTLINES` (folders of downloads).

DIVISIONS: the data of @etalab/decoupage-administratif. OUTLINES: commune and department polygons of france-geojson.
Outlines lose vertices arc by arc, so that two neighbours keep one border and no gap opens between them.
"""

import gzip
import json
import sys
from collections import defaultdict
from math import cos, hypot, radians
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src/bocage/registers/official"
Point = tuple[float, float]


def read(path: Path) -> list[dict]:
    """One of the downloaded lists."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return json.load(lines)


def divisions(folder: Path) -> dict:
    """Communes in being with inhabitants, those merged into another, postcodes, groups of towns, regions."""
    communes, merged, postcodes = {}, {}, defaultdict(list)
    for row in read(folder / "communes.json.gz"):
        if row["type"] == "commune-actuelle" and row.get("population") is not None:
            communes[row["code"]] = [row["nom"], row["population"], row.get("siren", "")]
            for postcode in row.get("codesPostaux", ()):
                postcodes[postcode].append(row["code"])
    for row in read(folder / "communes.json.gz"):
        if row["code"] not in communes and row.get("chefLieu"):
            merged[row["code"]] = [row["nom"], row["chefLieu"]]
        elif row["type"] == "arrondissement-municipal":
            merged[row["code"]] = [row["nom"], row["commune"]]
    groups = {
        row["code"]: [row["nom"], row["populationMunicipale"], [member["code"] for member in row["membres"]]]
        for row in read(folder / "epci.json.gz")
    }
    departments = {row["code"]: [row["nom"], row["region"]] for row in read(folder / "departements.json.gz")}
    regions = {row["code"]: row["nom"] for row in read(folder / "regions.json.gz")}
    return {
        "communes": communes,
        "merged": merged,
        "postcodes": dict(sorted(postcodes.items())),
        "groups": groups,
        "departments": departments,
        "regions": regions,
    }


def rings(geometry: dict) -> list[list[list[Point]]]:
    """Polygons of a geometry, each a list of rings, without repeats of a point."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[clean(ring) for ring in polygon] for polygon in polygons]


def clean(ring: list[list[float]]) -> list[Point]:
    """An open ring on a grid of about ten metres."""
    points = [(round(x, 4), round(y, 4)) for x, y in ring]
    kept = [p for i, p in enumerate(points) if p != points[i - 1]]
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def junctions(shapes: list[list[list[list[Point]]]]) -> set[Point]:
    """Points where three borders meet or a border leaves another: they stay."""
    beside: dict[Point, set[Point]] = defaultdict(set)
    for polygons in shapes:
        for polygon in polygons:
            for ring in polygon:
                for i, point in enumerate(ring):
                    beside[point] |= {ring[i - 1], ring[(i + 1) % len(ring)]}
    return {point for point, others in beside.items() if len(others) != 2}


def away(p: Point, a: Point, b: Point) -> float:
    """Distance of `p` from the line a-b, in degrees of latitude."""
    scale = cos(radians(a[1]))
    ax, bx, px = a[0] * scale, b[0] * scale, p[0] * scale
    length = hypot(bx - ax, b[1] - a[1])
    if length == 0:
        return hypot(px - ax, p[1] - a[1])
    return abs((bx - ax) * (a[1] - p[1]) - (ax - px) * (b[1] - a[1])) / length


def thinned(arc: list[Point], tolerance: float) -> list[Point]:
    """Douglas and Peucker, the same in both directions."""
    if arc[0] > arc[-1]:
        return thinned(arc[::-1], tolerance)[::-1]
    keep, stack = {0, len(arc) - 1}, [(0, len(arc) - 1)]
    while stack:
        first, last = stack.pop()
        far = max(range(first + 1, last), key=lambda i: away(arc[i], arc[first], arc[last]), default=first)
        if far > first and away(arc[far], arc[first], arc[last]) > tolerance:
            keep.add(far)
            stack += [(first, far), (far, last)]
    return [arc[i] for i in sorted(keep)]


def simplified(ring: list[Point], fixed: set[Point], tolerance: float) -> list[Point]:
    """A closed ring with fewer points; empty when nothing of it is left."""
    ends = [i for i, point in enumerate(ring) if point in fixed]
    if len(ends) < 2:
        low = min(range(len(ring)), key=lambda i: ring[i])
        ends = [low, (low + len(ring) // 2) % len(ring)]
    ends.sort()
    out: list[Point] = []
    for a, b in zip(ends, [*ends[1:], ends[0] + len(ring)], strict=True):
        arc = [ring[i % len(ring)] for i in range(a, b + 1)]
        out += thinned(arc, tolerance)[:-1]
    return [*out, out[0]] if len(out) >= 3 else []


def outlines(source: Path, target: Path, tolerance: float, names: dict[str, str]) -> None:
    """Write the features of `source` with fewer points, by code.

    The polygons' own names lack their article ("Chapelle-sur-Erdre"): the official one is taken where it ends alike;
    a commune merged since 2018 keeps the name its polygon had.
    """
    features = sorted(json.loads(source.read_text("utf-8"))["features"], key=lambda f: f["properties"]["code"])
    shapes = [rings(feature["geometry"]) for feature in features]
    fixed = junctions(shapes)
    out = []
    for feature, polygons in zip(features, shapes, strict=True):
        thin = [[simplified(ring, fixed, tolerance) for ring in polygon] for polygon in polygons]
        coordinates = [[ring for ring in polygon if ring] for polygon in thin if polygon and polygon[0]]
        code, drawn = feature["properties"]["code"], feature["properties"]["nom"]
        official = names.get(code, drawn)
        properties = {"code": code, "name": official if official.endswith(drawn) else drawn}
        geometry = {"type": "MultiPolygon", "coordinates": coordinates}
        out.append({"type": "Feature", "properties": properties, "geometry": geometry})
    text = json.dumps({"type": "FeatureCollection", "features": out}, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Write everything under `registers/official`."""
    source, polygons = Path(sys.argv[1]), Path(sys.argv[2])
    found = divisions(source)
    names = {code: row[0] for part in ("departments", "merged", "communes") for code, row in found[part].items()}
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    (TARGET / "divisions.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    for path in sorted(polygons.glob("communes-*.geojson")):
        outlines(path, TARGET / "outlines" / f"{path.stem.split('-')[1]}.json", 0.001, names)
    outlines(
        polygons / "departements-version-simplifiee.geojson", TARGET / "outlines" / "departments.json", 0.01, names
    )


if __name__ == "__main__":
    main()
