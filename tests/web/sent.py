"""What a browser would send of a form as it stands, without anybody touching it."""

from html.parser import HTMLParser

Attributes = dict[str, str | None]
UNSENT = ("file", "submit", "button")


class _Form(HTMLParser):
    """Gathers the controls of one form."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._select = self._area = ""
        self._worded = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = dict(attrs)
        if tag == "input":
            self._input(had)
        elif tag == "select":
            self._select = had.get("name") or ""
        elif tag == "option" and self._select:
            self._option(had)
        elif tag == "textarea":
            self._area = had.get("name") or ""
            self.sent[self._area] = [""]

    def handle_endtag(self, tag: str) -> None:
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._worded and data.strip():
            self.sent[self._select], self._worded = [data.strip()], False
        if self._area:
            self.sent[self._area] = [self.sent[self._area][0] + data]

    def _input(self, had: Attributes) -> None:
        name, kind = had.get("name"), had.get("type") or "text"
        chosen = kind not in ("radio", "checkbox") or "checked" in had
        if name and chosen and kind not in UNSENT:
            self.sent.setdefault(name, []).append(had.get("value") or "")

    def _option(self, had: Attributes) -> None:
        """The first option counts until one says that it is selected; an option may have words for a value."""
        if self._select not in self.sent or "selected" in had:
            self.sent[self._select] = [had.get("value") or ""]
            self._worded = "value" not in had


def sent(page: str, begins: str = "<form") -> dict[str, object]:
    """Name and value, or values, of every control of the first form that begins so."""
    form = _Form()
    form.feed(page[page.index(begins) :].split("</form>", maxsplit=1)[0])
    return {name: values if len(values) > 1 else values[0] for name, values in form.sent.items()}
