"""The time zone of a commune, by its INSEE code, with the names of the IANA tz database."""

# Overseas: department or collectivity (three signs), then the communes whose islands keep another time.
OVERSEAS = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}
MARQUESAS = ("98718", "98723", "98731", "98746", "98756", "98757")
GAMBIER = ("98719",)


def zone_of(code: str) -> str:
    """The zone of a commune's or a department's INSEE code; Europe/Paris on the mainland and in Corsica."""
    if code in MARQUESAS:
        return "Pacific/Marquesas"
    if code in GAMBIER:
        return "Pacific/Gambier"
    return OVERSEAS.get(code[:3], "Europe/Paris")
