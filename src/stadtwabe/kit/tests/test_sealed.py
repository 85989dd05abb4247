"""Secrets of others: open with our key alone, and with a former one."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from stadtwabe.kit.sealed import Unsealable, seal, seal_anew, unseal

SECRET = "Bearer äöü-42"


def test_what_is_sealed_tells_nothing_and_opens_for_its_purpose_only():
    sealed = seal(SECRET, purpose="a")
    assert "42" not in sealed
    assert sealed != seal(SECRET, purpose="a"), "two of the same cannot be told"
    assert unseal(sealed, purpose="a") == SECRET
    with pytest.raises(Unsealable):
        unseal(sealed, purpose="b")
    with pytest.raises(Unsealable):
        unseal(sealed[:-2] + "xx", purpose="a")
    assert unseal(seal("", purpose="a"), purpose="a") == ""


def test_a_former_key_opens_until_everything_is_sealed_anew(settings):
    sealed = seal(SECRET, purpose="a")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "neu"
    anew = seal_anew(sealed, purpose="a")
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(anew, purpose="a") == SECRET
    with pytest.raises(Unsealable):
        unseal(sealed, purpose="a")


def test_without_a_key_nothing_is_sealed(settings):
    settings.SECRET_KEY = "unset"
    with pytest.raises(ImproperlyConfigured):
        seal(SECRET, purpose="a")
