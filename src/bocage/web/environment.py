"""The Jinja2 environment: words in the reader's language, numbers and dates as people here write them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from bocage import orders, words
from bocage.accounts.rights import may
from bocage.accounts.routes import ROUTES
from bocage.domain.decision import Finding, Refusal, Stands
from bocage.domain.declaration import Notes
from bocage.domain.instant import to_datetime
from bocage.domain.row_errors import SENTENCES
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.publish.story.saying import rounded
from bocage.web import browsers, marks, svg
from bocage.web.compiled import Compiled
from bocage.web.desk import protection
from bocage.web.desk.first import guide
from bocage.web.desk.watch import alerts
from bocage.web.forms.read import Limited
from bocage.web.forms.shape import shape
from bocage.web.shown import Declared, shown

HERE = Path(__file__).parent


def environment(**options: Any) -> Environment:
    """Called by Django's Jinja2 backend."""
    ours = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    # Nothing is worked out beforehand: what is compiled outlives a change of the filters.
    kept = {"bytecode_cache": Compiled(HERE / "templates", Path(__file__)), "optimized": False}
    made = Environment(**{**options, **ours, **kept})  # noqa: S701 - autoescape is in options
    made.add_extension("jinja2.ext.i18n")
    made.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(static=static, url=address, other_language=other_language, mark=marks.mark, spark=svg.spark)
    made.globals.update(sentence=sentence, reason=reason, may_open=may_open, shown=shown, desk_link=desk_link)
    made.globals.update(first_left=first_left, alerts_new=alerts_new, pressing=pressing, orders_waiting=orders_waiting)
    made.globals.update(with_query=with_query, choice_words=choice_words, row_error=row_error)
    made.filters.update(
        text=text,
        plain=plain,
        number=number,
        moment=moment,
        day=day,
        size=size,
        duration=duration,
        label=label,
        span=span,
        period=period,
        dayof=dayof,
        rounded=rounded,
        told=told,
        browser=browser,
    )
    return made


def address(name: str, *args: object, **kwargs: object) -> str:
    """The address of a named route."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


@pass_context
def other_language(context: Context, lang: str) -> str:
    """The address of this page in another language."""
    request = context["request"]
    query = request.GET.copy()
    query["lang"] = lang
    return f"?{query.urlencode()}"


@pass_context
def desk_link(context: Context, kind: str, slug: str) -> str:
    """The desk's page of a declaration or an entity."""
    slugs = {"thing": "desk.thing", "datastream": "desk.datastream", "rule": "desk.rule"}
    if kind in slugs:
        return address(slugs[kind], context["slug"], slug)
    return address("desk.declaration", context["slug"], kind, slug)


@pass_context
def may_open(context: Context, route: str) -> bool:
    """Whether the person reading may follow a link to this route."""
    right = ROUTES.get(route)
    return right is not None and may(context["actor"], right, str(context["slug"]))


@pass_context
def first_left(context: Context) -> bool:
    """Whether something of the first hour of this territory is left."""
    return guide.left(context["request"])


@pass_context
def alerts_new(context: Context) -> str:
    """How many alerts wait for somebody, in words; empty when none does, or none this person may read."""
    count = alerts.new(context["request"]) if may_open(context, "desk.alerts") else 0
    said = words.gettext(_lang(context)).ngettext("%(num)s new", "%(num)s new", count)
    return said % {"num": words.number(count, _lang(context))} if count else ""


@pass_context
def pressing(context: Context) -> str:
    """How many violations and requests press, in words; empty when none does, or this person may not read them."""
    count = protection.pressing(context["request"]) if may_open(context, "desk.protection") else 0
    said = words.gettext(_lang(context)).ngettext("%(num)s pressing", "%(num)s pressing", count)
    return said % {"num": words.number(count, _lang(context))} if count else ""


@pass_context
def orders_waiting(context: Context) -> str:
    """How many orders wait for a second person, in words; empty when none does, or this person approves none."""
    may_approve, slug = may_open(context, "desk.order-approve"), str(context["slug"])
    count = orders.waiting(slug, context["actor"].account) if may_approve else 0
    said = words.gettext(_lang(context)).ngettext("%(num)s waits", "%(num)s wait", count)
    return said % {"num": words.number(count, _lang(context))} if count else ""


@pass_context
def with_query(context: Context, **changed: object) -> str:
    """The address of this page with these values in its query; empty ones are taken out."""
    query = context["request"].GET.copy()
    query.pop("lang", None)
    for name, value in changed.items():
        query.pop(name, None)
        if value not in ("", None, 0):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@pass_context
def choice_words(context: Context, note: Notes, value: str, declared: Declared) -> str:
    """One value of a closed list or a reference, in words."""
    if note.reference:
        return plain(context, getattr(declared.get(note.reference, {}).get(value), "title", value))
    named = {member.value: member.label for member in shape(note.type).of or ()}
    return words.translate(named.get(value, value), _lang(context))


@pass_context
def row_error(context: Context, code: str) -> str:
    """What is wrong with a row, in words."""
    return words.translate(SENTENCES.get(code, code), _lang(context))


def _lang(context: Context) -> str:
    return str(context.get("lang") or "fr")


@pass_context
def _gettext(context: Context, msgid: str) -> str:
    return words.translate(msgid, _lang(context))


@pass_context
def _ngettext(context: Context, singular: str, plural: str, n: int) -> str:
    return str(words.gettext(_lang(context)).ngettext(singular, plural, n))


@pass_context
def sentence(context: Context, said: Refusal | Finding, names: Mapping[str, str] | None = None) -> words.Sentence:
    """The four lines of a refusal or finding."""
    return words.sentence(said, _lang(context), names=names)


@pass_context
def reason(context: Context, stands: Stands) -> str:
    """Why a promise is what it is for a territory."""
    return words.reason(stands, _lang(context))


@pass_context
def text(context: Context, value: Text | str | None) -> Markup:
    """A Text for the reader, marked with its language when it is not theirs."""
    if not isinstance(value, Text):
        return escape(value or "")
    said, lang = value.read(_lang(context))
    if lang == _lang(context):
        return escape(said)
    return Markup('<span lang="{}">{}</span>').format(lang, said)


@pass_context
def plain(context: Context, value: Text | str | None) -> str:
    """The same without markup, for attributes and titles."""
    return value.read(_lang(context))[0] if isinstance(value, Text) else (value or "")


@pass_context
def label(context: Context, value: Any) -> str:
    """The words of a value of a closed list, or of an English source message, its limit put in where it names one."""
    said = words.translate(str(getattr(value, "label", value)), _lang(context)) if value not in ("", None) else ""
    return said % {"limit": value.limit} if isinstance(value, Limited) else said


def _worded(call: Callable[..., str]) -> Callable[..., str]:
    @pass_context
    def inner(context: Context, value: Any, *args: Any) -> str:
        return "" if value is None else call(value, *args, _lang(context))

    return inner


def _number(value: float, *rest: str) -> str:
    *unit, lang = rest
    return words.number(value, lang, unit[0] if unit else "")


def _moment(value: int | datetime, zone: str, lang: str) -> str:
    return words.moment(value, zone, lang)


def _day(value: date, lang: str) -> str:
    return words.day(value, lang)


@pass_context
def span(context: Context, start: int, end: int, zone: str) -> str:
    """An instant or an interval: whole days are said as days, a shorter one by its day and two hours."""
    lang = _lang(context)
    first, last = to_datetime(start, zone), to_datetime(end, zone)
    if end <= start:
        return words.moment(start, zone, lang)
    if first.time() == last.time() == time.min:
        closing = (last - timedelta(days=1)).date()
        if closing == first.date():
            return words.day(closing, lang)
        return words.translate(_("from %(first)s to %(last)s"), lang) % {
            "first": words.day(first.date(), lang),
            "last": words.day(closing, lang),
        }
    closing_words = _clock(last, lang) if last.date() == first.date() else words.moment(end, zone, lang)
    return f"{words.moment(start, zone, lang)} → {closing_words}"


def _clock(at: datetime, lang: str) -> str:
    return f"{at:%H:%M}" if lang == "en" else f"{at.hour}\u00a0h\u00a0{at:%M}"


number = _worded(_number)
moment = _worded(_moment)
day = _worded(_day)
size = _worded(lambda value, lang: words.size(int(value), lang))
duration = _worded(words.duration)
dayof = _worded(words.day_of)
period = _worded(words.period)
told = _worded(words.told)
browser = _worded(browsers.browser)
