"""What a window asks for, is answered and complains of while it shows a page."""

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
STRICT = ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'")
LOOSE = ("unsafe-inline", "unsafe-eval", "*", "http:", "https:")


class Watched:
    """A window that notes what it asks for, what it is answered, and what its console complains of."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self._base = page, urlsplit(base)
        self.elsewhere: list[str] = []
        self.answers: list[Response] = []
        self.complaints: list[str] = []
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != self._base.netloc:
            self.elsewhere.append(request.url)

    def _answered(self, answer: Response) -> None:
        self.answers.append(answer)

    def _said(self, message: ConsoleMessage) -> None:
        # An answer 404 of a page that is not there is what the page says itself.
        if message.type == "error" and "status of 40" not in message.text:
            self.complaints.append(message.text)

    def forget(self) -> None:
        """Forget what came before."""
        for noted in (self.elsewhere, self.answers, self.complaints):
            noted.clear()

    def faults(self) -> list[str]:
        """What it asked of other machines, what its console complained of, what the headers of its answers lack."""
        lacking = [fault for answer in self.answers for fault in faults(answer)]
        return [*self.elsewhere, *self.complaints, *lacking]

    def kept(self) -> list[str]:
        """Names of what this page left with its reader."""
        stored = self.page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
        return sorted([*(str(cookie["name"]) for cookie in self.page.context.cookies()), *stored])


def faults(answer: Response) -> list[str]:
    """What the headers of an answer lack."""
    found = [
        f"{answer.url}: {name} is {answer.headers.get(name)!r}"
        for name, value in SECURITY.items()
        if answer.headers.get(name) != value
    ]
    policy = answer.headers.get("content-security-policy", "")
    parts = {part.strip() for part in policy.split(";")}
    found += [f"{answer.url}: no {part}" for part in STRICT if part not in parts]
    loose = [word for part in parts for word in part.split()[1:] if word in LOOSE]
    return [*found, *(f"{answer.url}: {word}" for word in loose)]
