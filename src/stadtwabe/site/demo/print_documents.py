"""Print the demo documents that are Word or PDF files from their HTML sources.

Run it after a change in ``sources/``: ``python -m stadtwabe.site.demo.print_documents``.
It needs Chromium; the printed files stand in the repository, so nobody else does.
"""

import shutil
from datetime import datetime
from pathlib import Path

from docx import Document
from playwright.sync_api import sync_playwright
from selectolax.lexbor import LexborHTMLParser

HERE = Path(__file__).parent
SOURCES, DOCUMENTS = HERE / "sources", HERE / "documents"
WORD = ("foerderprogramme", "kurzportraets-modellkommunen")
PDF = ("plattformen-fuer-kommunen", "portraets-grossstaedte")
STYLES = {"h1": "Title", "h2": "Heading 1", "p": "Normal", "li": "List Bullet"}
WRITTEN_ON = datetime(2026, 11, 22)  # noqa: DTZ001 (the docx format stores no zone)


def print_word(name: str) -> None:
    """Write ``documents/<name>.docx`` with Word's own headings and bullets."""
    tree = LexborHTMLParser((SOURCES / f"{name}.html").read_text(encoding="utf-8"))
    document = Document()
    for node in tree.css("h1, h2, p, li"):
        document.add_paragraph(node.text(strip=True), style=STYLES[str(node.tag)])
    document.core_properties.created = document.core_properties.modified = WRITTEN_ON
    document.core_properties.author = "Stadtwabe"
    document.save(str(DOCUMENTS / f"{name}.docx"))


def print_pdf(*names: str) -> None:
    """Write ``documents/<name>.pdf`` as a browser prints it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for name in names:
            page = browser.new_page()
            page.goto((SOURCES / f"{name}.html").as_uri())
            page.pdf(path=str(DOCUMENTS / f"{name}.pdf"), format="A4")
        browser.close()


if __name__ == "__main__":
    for word in WORD:
        print_word(word)
    print_pdf(*PDF)
