"""An editor at the desk who counts: every key and every click is one.

Plays what somebody would do who knows what the document says: go through the suggestions from top
to bottom, correct what is wrong, accept or reject.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Wanted:
    """Something the document tells of: ``anchor`` stands in the passage of its suggestion."""

    kind: str
    anchor: str
    titles: tuple[str, ...]
    places: tuple[str, ...] = ()
    """Names of the towns, as the desk shows them; others are unticked."""
    taken: bool = field(default=False)


@dataclass
class Player:
    """Presses and clicks in a Playwright page, and counts."""

    page: Any
    count: int = 0
    log: list[str] = field(default_factory=list)

    def press(self, key: str, why: str = "") -> None:
        self.page.keyboard.press(key)
        self._note(f"{key} {why}")

    def click(self, element, why: str) -> None:
        element.click()
        self._note(f"click {why}")

    def type(self, text: str) -> None:
        for letter in text:
            self.page.keyboard.press(
                letter
            ) if letter.isascii() else self.page.keyboard.insert_text(letter)
            self._note(letter)

    def _note(self, what: str) -> None:
        self.count += 1
        self.log.append(what)

    def clear(self, wanted: list[Wanted]) -> int:
        """Decide every open suggestion of the page; return the keys and clicks it took."""
        articles = self.page.locator("article[data-shortcut-item]")
        self.press("j", "first suggestion")
        while articles.count():
            article = self.page.locator("article[data-current]")
            article.wait_for()
            self._decide(article, wanted)
        return self.count

    def _decide(self, article, wanted: list[Wanted]) -> None:
        pk = article.get_attribute("data-suggestion")
        kind = article.locator("select[name=art]").input_value()
        title = article.locator("h3").inner_text()
        passage = article.get_attribute("data-quote") or ""
        thing = self._meant(wanted, kind, title, passage)
        if thing is None:
            self.press("r", title)
            self.press("n", title)
        else:
            thing.taken = True
            self._correct(article, thing, kind, title)
            if article.locator("input[name=wert-title]").count():
                self.press("Enter", title)
            else:
                self.press("a", title)
        self.page.wait_for_selector(f"article[data-suggestion='{pk}']", state="detached")

    def _meant(self, wanted, kind, title, passage):
        told = [w for w in wanted if not w.taken and w.anchor in passage]
        exact = [w for w in told if w.kind == kind and title in w.titles]
        same_kind = [w for w in told if w.kind == kind]
        if exact or same_kind:
            return (exact or same_kind)[0]
        return told[0] if told and kind != "organisation" else None

    def _correct(self, article, thing: Wanted, kind: str, title: str) -> None:
        if kind != thing.kind:
            article.locator("select[name=art]").select_option(thing.kind)
            self._note("click on the kinds")
            self._note(f"click {thing.kind}")
        self._correct_places(article, thing)
        if title in thing.titles:
            return
        others = article.locator("input[type=radio][name=name]")
        for at in range(others.count()):
            if others.nth(at).get_attribute("value") in thing.titles:
                self.click(others.nth(at), f"other name for {title}")
                return
        self.press("e", title)
        written = article.locator("input[name=wert-title]")
        written.wait_for()
        self.page.wait_for_function("document.activeElement.name === 'wert-title'")
        self.press("Control+A", title)
        self.type(min(thing.titles, key=len))

    def _correct_places(self, article, thing: Wanted) -> None:
        labels = article.locator("fieldset label:has(input[name^=ort-])")
        for at in range(labels.count()):
            name = labels.nth(at).inner_text().split("(unsicher")[0].strip()
            box = labels.nth(at).locator("input")
            if thing.places and box.is_checked() != (name in thing.places):
                self.click(box, f"place {name}")
        chosen = article.locator("select[name^=ort-]")
        for at in range(chosen.count()):
            options = chosen.nth(at).locator("option")
            now = chosen.nth(at).evaluate("s => s.options[s.selectedIndex].text")
            for index in range(options.count()):
                text = options.nth(index).inner_text()
                if any(text.startswith(p) for p in thing.places) and text != now:
                    chosen.nth(at).select_option(index=index)
                    self._note("click on the candidates")
                    self._note(f"click {text}")
