"""What axe finds on a page; contrast, its dearest rule, is asked once for all that looks alike.

Whether a text can be told from its background follows from how it and what it lies in are drawn. So each
has a signature (names, classes, colours and fonts up to the body), and axe reads those texts only whose signature is
new to this worker in this scheme of colours and at this width.
"""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

DRAWN = ("target-size", "scrollable-region-focusable", "link-in-text-block")
"""Rules whose outcome follows from width and colours, not from the document alone."""
_RUN = """async ([rules, known]) => {
  if (typeof axe !== "object") return null;
  const texts = new Map(), drawn = new Map(), seen = new Set(known);
  const pane = innerWidth * 2 + matchMedia("(prefers-color-scheme: dark)").matches;
  const signature = (one) => {
    if (!one || one === document.documentElement) return pane;
    if (drawn.has(one)) return drawn.get(one);
    const style = getComputedStyle(one);
    const said = [signature(one.parentElement), one.tagName, one.getAttribute("class"), style.color, style.position,
      style.backgroundColor, style.backgroundImage, style.opacity, style.fontSize, style.fontWeight, style.textShadow]
      .join("|");
    let hash = 2166136261;
    for (let at = 0; at < said.length; at++) hash = Math.imul(hash ^ said.charCodeAt(at), 16777619);
    drawn.set(one, hash);
    return hash;
  };
  for (const one of document.body.querySelectorAll("*")) {
    const says = "value" in one || [...one.childNodes].some((part) => part.nodeType === 3 && part.data.trim());
    if (!says || !one.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    const hash = signature(one);
    if (!seen.has(hash) && !texts.has(hash)) texts.set(hash, one);
  }
  texts.forEach((one) => one.setAttribute("data-read", ""));
  axe.configure({rules: [{id: "color-contrast", selector: "[data-read]"}]});
  const asked = rules.length ? {runOnly: {type: "rule", values: [...rules, "color-contrast"]}} : {};
  const found = (await axe.run({resultTypes: ["violations"], preload: false, ...asked})).violations;
  texts.forEach((one) => one.removeAttribute("data-read"));
  return [[...texts.keys()], found.flatMap((one) => one.nodes.map((node) =>
    `${one.id}: ${node.target.join(" ")}: ${(node.any[0] || node.all[0] || node.none[0] || {message: ""}).message}`))];
}"""
_KNOWN: set[int] = set()


def axe_finds(page: Page, where: str, *rules: str) -> list[str]:
    """Faults of a page as it stands, each a line; by all rules, or by these and contrast."""
    answer = page.evaluate(_RUN, [list(rules), list(_KNOWN)])
    if answer is None:  # a window that was not given it, or has no scripts
        page.evaluate(AXE_SCRIPT)
        answer = page.evaluate(_RUN, [list(rules), list(_KNOWN)])
    new, found = answer
    _KNOWN.update(new)
    return [f"({where}) {one}" for one in found]
