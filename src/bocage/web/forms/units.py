"""Usual units, so that one choice fills name, symbol and UCUM code (ucum.org, version 2.1)."""

from bocage.domain.sensing import Unit
from bocage.domain.text import message as _

OTHER = "other"
USUAL: dict[str, tuple[str, Unit]] = {
    "celsius": (_("Degree Celsius (°C)"), Unit(name="degré Celsius", symbol="°C", ucum="Cel")),
    "percent": (_("Percent (%)"), Unit(name="pour cent", symbol="%", ucum="%")),
    "ppm": (_("Parts per million (ppm)"), Unit(name="partie par million", symbol="ppm", ucum="[ppm]")),
    "microgram": (_("Microgram per cubic metre (µg/m³)"), Unit(name="µg/m³", symbol="µg/m³", ucum="ug/m3")),
    "kwh": (_("Kilowatt-hour (kWh)"), Unit(name="kilowattheure", symbol="kWh", ucum="kW.h")),
    "kw": (_("Kilowatt (kW)"), Unit(name="kilowatt", symbol="kW", ucum="kW")),
    "cubic-metre": (_("Cubic metre (m³)"), Unit(name="mètre cube", symbol="m³", ucum="m3")),
    "litre": (_("Litre (L)"), Unit(name="litre", symbol="L", ucum="L")),
    "euro": (_("Euro (€)"), Unit(name="euro", symbol="€")),
    "passages": (_("Passages"), Unit(name="passage", symbol="passages", ucum="{passages}")),
    "decibel": (_("Decibel, A-weighted (dB(A))"), Unit(name="décibel pondéré A", symbol="dB(A)")),
    "lux": (_("Lux (lx)"), Unit(name="lux", symbol="lx", ucum="lx")),
    "hectopascal": (_("Hectopascal (hPa)"), Unit(name="hectopascal", symbol="hPa", ucum="hPa")),
    "metre-second": (_("Metre per second (m/s)"), Unit(name="mètre par seconde", symbol="m/s", ucum="m/s")),
    "millimetre": (_("Millimetre (mm)"), Unit(name="millimètre", symbol="mm", ucum="mm")),
    "degree": (_("Degree of angle (°)"), Unit(name="degré d'angle", symbol="°", ucum="deg")),
    "volt": (_("Volt (V)"), Unit(name="volt", symbol="V", ucum="V")),
}


# The units of fields, as the structs of the domain write them.
OF_FIELDS = (_("months"), _("s"))


def usual(name: str, symbol: str, ucum: str) -> str:
    """The usual unit these three are, empty when they say nothing, "other" when it is another one."""
    asked = Unit(name=name, symbol=symbol, ucum=ucum)
    if asked == Unit():
        return ""
    return next((code for code, (_label, unit) in USUAL.items() if unit == asked), OTHER)
