"""What is wrong with a codec, in words."""

from django.utils.translation import gettext as _

from stadtwabe.hub.codecs.faults import CodecError, Fault


def explain(error: CodecError) -> str:
    """Say in one or two sentences what is wrong, with the line if it is known."""
    if error.fault in (Fault.SYNTAX, Fault.THROWN):
        return _with_line(error)
    if error.fault == Fault.OUTPUT:
        return _output(error)
    texts = {
        Fault.NO_FUNCTION: _(
            "Der Codec hat keine Funktion %(name)s(input), wie TS013 sie vorsieht."
        )
        % {"name": error.message or "decodeUplink"},
        Fault.TIME: _("Der Codec rechnet zu lange und wurde angehalten."),
        Fault.MEMORY: _("Der Codec braucht zu viel Speicher und wurde angehalten."),
        Fault.STACK: _("Der Codec ruft sich endlos selbst auf und wurde angehalten."),
        Fault.TOO_LARGE: _("Der Codec oder sein Ergebnis ist zu groß."),
        Fault.CRASHED: _("Der Prozess des Codecs ist abgebrochen. Versuchen Sie es noch einmal."),
        Fault.BUSY: _("Gerade laufen zu viele Codecs. Versuchen Sie es gleich noch einmal."),
    }
    return texts[error.fault]


def _with_line(error: CodecError) -> str:
    values = {"line": error.line, "message": error.message}
    if error.fault == Fault.SYNTAX and error.line:
        return _("Der Quelltext ist in Zeile %(line)d fehlerhaft: %(message)s") % values
    if error.line:
        return _("Der Codec bricht in Zeile %(line)d ab: %(message)s") % values
    return _("Der Codec bricht ab: %(message)s") % values


def _output(error: CodecError) -> str:
    if error.message == "no object":
        return (
            _("Der Codec gibt kein Objekt zurück, sondern etwas anderes als „%(path)s“.")
            % {"path": error.path}
            if error.path
            else _("Der Codec gibt kein Objekt der Form {data: {…}} zurück.")
        )
    meanings = {
        "cycle": _("verweist im Kreis"),
        "too_deep": _("ist zu tief verschachtelt"),
        "too_many": _("hat zu viele Werte"),
        "no list": _("ist keine Liste"),
        "no byte": _("ist kein Byte: eine ganze Zahl von 0 bis 255"),
        "no port": _("ist kein Port: eine ganze Zahl von 1 bis 223"),
    }
    return _("Das Ergebnis ist unbrauchbar: „%(path)s“ %(meaning)s.") % {
        "path": error.path,
        "meaning": meanings.get(error.message)
        or _("ist kein Wert, sondern %(what)s") % {"what": error.message},
    }
