"""The sentence of a shared rule, with what it needs in place of series that exist elsewhere only."""

import msgspec

from bocage.commons.resource import Shared
from bocage.domain.rule import Rule
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.words import both, translate
from bocage.words.naming import Called, Names
from bocage.words.rules import whole_sentence


def rule_sentence(shared: Shared, lang: str) -> str:
    """The sentence of a rule; empty for anything else."""
    if not isinstance(shared.body, Rule):
        return ""
    known = {one.name: one for one in shared.card.series}
    wanted = [known.get(name) for name in shared.body.condition.measure.datastreams]
    called = Text(**{tongue: _called([one.title for one in wanted if one], tongue) for tongue in ("fr", "en")})
    series = tuple(Called(observed=called, thing=None, unit=one.unit if one else "") for one in wanted)
    rule = msgspec.structs.replace(shared.body, called=called)
    return whole_sentence(rule, Names(series=series, services=(both(_CHOSEN),)), lang)


def _called(titles: list[Text], lang: str) -> str:
    quoted = translate(_("“%(title)s”"), lang)
    return ", ".join(quoted % {"title": title.read(lang)[0]} for title in titles) or translate(_ANY, lang)


_CHOSEN = _("service chosen when it is adopted")
_ANY = _("the series chosen when it is adopted")
