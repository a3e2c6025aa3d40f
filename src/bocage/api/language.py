"""Which of our languages a program asked for; French when it does not say."""

LANGUAGES = ("fr", "en")


def preferred(accept: str) -> str:
    """The first of our languages by weight in an Accept-Language value (RFC 9110, 12.5.4)."""
    weighed = []
    for place, part in enumerate(accept.lower().split(",")):
        name, _, weight = part.strip().partition(";q=")
        lang = name.split("-", 1)[0]
        if lang in LANGUAGES:
            weighed.append((-_weight(weight), place, lang))
    return min(weighed)[2] if weighed else LANGUAGES[0]


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
