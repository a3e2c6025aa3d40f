"""What declarations and entities are called, looked up when a sentence names one: no page reads whole registers."""

from collections.abc import Callable, Iterator, Mapping

from bocage.domain.declaration import Declaration

Read = Callable[[str, str, Declaration], str]
"""The title of what stands under this kind and slug; empty where there is none to tell."""


class Titles(Mapping[str, str]):
    """Titles by slug, and by kind and slug (`project/lighting`); the first of `reads` that gives one counts."""

    def __init__(self, declared: Mapping[str, Mapping[str, Declaration]], *reads: Read) -> None:
        self._declared, self._reads = declared, reads

    def __getitem__(self, name: str) -> str:
        kind, _slash, slug = name.rpartition("/")
        held = ((one, self._declared.get(one, {}).get(slug)) for one in ((kind,) if kind else self._declared))
        named = [(one, body) for one, body in held if body is not None]
        for read in self._reads:
            for one, body in named:
                if title := read(one, slug, body):
                    return title
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        names = (f"{kind}/{slug}" for kind, bodies in self._declared.items() for slug in bodies)
        return (name for name in names if name in self)

    def __len__(self) -> int:
        return sum(1 for _name in self)
