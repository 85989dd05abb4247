"""An editor turns a document into an entry, and any visitor sees where a value comes from."""

import re

import pytest

NEWSLETTER = """\
1. Projekte
- Die Stadt Siegen hat die Plattform „{project}“ eingeführt. Bürgerinnen und Bürger melden \
dort Schäden an Wegen und Brücken.
- Die Stadt Olpe startet in Zusammenarbeit mit der Musterwerk GmbH ein digitales \
Schulungsangebot für den Handel.
2. Strategien
- Der Rat der Stadt Soest hat am 12. November 2020 die Digitalisierungsstrategie beschlossen.
"""
"""One document a visit, since the same one twice is recognised; its facts are invented."""

VISITS = [
    pytest.param(1280, True, "Wegweiser Nord", id="wide"),
    pytest.param(320, True, "Wegweiser West", id="phone"),
    pytest.param(1280, False, "Wegweiser Süd", id="no-javascript"),
    pytest.param(320, False, "Wegweiser Ost", id="phone-no-javascript"),
]


@pytest.mark.parametrize(("width", "javascript", "project"), VISITS)
def test_a_document_becomes_an_entry_whose_value_opens_its_passage(
    visit, width, javascript, project
):
    editor = visit(width=width, javascript=javascript)
    sign_in_as_the_login_page_tells(editor)
    upload(editor, project)
    accept(editor, project)
    path = follow_the_decided_suggestion(editor, project)
    passes(editor, javascript)

    visitor = visit(width=width, javascript=javascript)
    visitor.go(path)
    passes(visitor, javascript)
    main = visitor.page.get_by_role("main")
    assert main.get_by_role("heading", level=1).inner_text() == project
    source_of(main, "Siegen").click()
    marked = visitor.page.locator("blockquote mark")
    marked.wait_for()
    assert marked.inner_text() in "Die Stadt Siegen hat die Plattform"
    assert f"„{project}“ eingeführt" in visitor.page.locator("blockquote").inner_text()
    passes(visitor, javascript)


def test_a_rejected_suggestion_comes_back_by_undo(visit):
    editor = visit()
    sign_in_as_the_login_page_tells(editor)
    upload(editor, "Wegweiser Mitte")
    suggestion = suggestion_of(editor, "Wegweiser Mitte")
    suggestion.get_by_text("Verwerfen", exact=False).first.click()
    suggestion.get_by_role("button", name="Gehört nicht in den Atlas").click()
    suggestion.get_by_text("verworfen").first.wait_for()
    suggestion.get_by_role("button", name="Zurücknehmen").click()
    suggestion.get_by_role("button", name="Übernehmen").wait_for()


def sign_in_as_the_login_page_tells(window):
    window.go("/konto/login/")
    accounts = window.page.get_by_role("main").inner_text()
    password = re.search(r"dasselbe Passwort: (\S+)", accounts)
    assert password
    assert "redaktion@demo.example" in accounts
    window.sign_in("redaktion@demo.example", password[1])
    window.page.wait_for_url(lambda address: "/login/" not in address)


def upload(window, project):
    """Bring the document in and open it; the page without JavaScript is loaded again and again."""
    window.go("/redaktion/")
    window.page.get_by_label("Dokumente hierher ziehen").set_input_files(
        {
            "name": f"{project}.txt",
            "mimeType": "text/plain",
            "buffer": NEWSLETTER.format(project=project).encode(),
        }
    )
    window.page.get_by_role("button", name="Einliefern").click()
    window.page.get_by_text("ist eingegangen").wait_for()
    window.page.get_by_role("link", name=project).first.click()
    for _attempt in range(60):
        if window.page.locator("article.suggestion").count():
            return
        window.page.wait_for_timeout(1000)
        window.page.reload()
    pytest.fail("The document was not read within a minute.")


def suggestion_of(window, project):
    heading = window.page.get_by_role("heading", level=3, name=project, exact=True)
    return window.page.locator("article.suggestion").filter(has=heading)


def accept(window, project):
    suggestion = suggestion_of(window, project)
    assert suggestion.locator("select[name=art]").input_value() == "project"
    suggestion.get_by_role("button", name="Übernehmen").click()
    suggestion.get_by_text("übernommen").wait_for()


def follow_the_decided_suggestion(window, project):
    """Go from the desk to what the suggestion became; return its address."""
    suggestion_of(window, project).get_by_role("link", name=project, exact=True).click()
    window.page.wait_for_url("**/atlas/projekte/**")
    return window.page.url.removeprefix(window.home)


def source_of(main, value):
    """The link to the source that stands beside a value of the page."""
    shown = main.locator("dd, li").filter(has_text=value)
    return shown.locator("a[href*='/quellen/aussage/']").first


def passes(window, javascript):
    assert not window.is_wider_than_the_window()
    if javascript:  # axe is a script of its own
        assert window.axe() == []
