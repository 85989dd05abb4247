"""Live values through their real door: who gets what, and what happens when that changes."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.utils import translation

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.commands import edit_thing
from stadtwabe.hub.database import connect_parameters
from stadtwabe.hub.ingest.batch import NewObservation
from stadtwabe.hub.ingest.service import Service
from stadtwabe.hub.live import door as live_door_module
from stadtwabe.hub.live import feed as live_feed
from stadtwabe.hub.live import service as live_service
from stadtwabe.hub.live.feed import Feed
from stadtwabe.hub.live.service import live_door
from stadtwabe.hub.live.topics import PATH, Topic, topic_at, topic_of
from stadtwabe.hub.tests.factories import HubWorld
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import NOW

WITHIN_SECONDS = 20


class Page:
    """An open page: what it was sent, and how to close it."""

    def __init__(self, door, path, *, cookie="", address="192.0.2.1"):
        headers = [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode())]
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "headers": headers if cookie else [],
            "client": (address, 40000),
        }
        self.status = 0
        self.text = ""
        self.left = asyncio.Event()
        self.heard = asyncio.Event()
        self.task = asyncio.create_task(door(self.scope, self.receive, self.send))

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.text += message.get("body", b"").decode()
        self.heard.set()

    def events(self, name):
        parts = [part for part in self.text.split("\n\n") if part.startswith(f"event: {name}")]
        return [each for part in parts for each in json.loads(part.partition("data: ")[2])]

    def values(self):
        return [(each["id"], each["value"]) for each in self.events("readings")]

    async def until(self, question):
        async def wait():
            while not question():
                self.heard.clear()
                await self.heard.wait()

        await asyncio.wait_for(wait(), WITHIN_SECONDS)

    async def leave(self):
        self.left.set()
        await asyncio.wait_for(self.task, WITHIN_SECONDS)


def session_of(user):
    client = Client()
    client.force_login(user)
    return client.session.session_key


def store(*pairs):
    async def run():
        service = Service(connect_parameters())
        try:
            await service.store(
                [
                    NewObservation(datastream_id=pk, result=value, phenomenon_time=at)
                    for pk, value, at in pairs
                ]
            )
        finally:
            await service.close()

    return run()


def test_everybody_hears_of_what_they_may_see_and_no_longer_once_it_is_narrowed(transactional_db):
    world = HubWorld()
    public, private = world.streams["menden", "public"], world.streams["menden", "owner"]
    path = topic_of([public.pk, private.pk])
    with translation.override("en"):
        english_path = topic_of([public.pk])
    cookie = session_of(world.cast.users["steward"])
    foreign = session_of(world.cast.users["foreign_steward"])
    thread = ThreadPoolExecutor(max_workers=1)

    def narrow():
        values = {"audience": Audience.OWNER}
        edit_thing(actor=SYSTEM, thing=public.thing, values=values, now=NOW)

    async def run():
        door, feed = live_door(connect_parameters())
        await store((public.pk, 1.0, NOW), (private.pk, 2.0, NOW))
        visitor, other = Page(door, path), Page(door, path, cookie=foreign)
        english = Page(door, english_path)
        steward = Page(door, path, cookie=cookie)
        await steward.until(lambda: len(steward.values()) == 2)  # what was there already
        later = NOW + timedelta(minutes=1)
        await store((public.pk, 3.5, later), (private.pk, 4.5, later))
        await steward.until(lambda: len(steward.values()) == 4)
        for page in (visitor, other):
            await page.until(lambda page=page: len(page.values()) == 2)
            assert page.values() == [(public.pk, "1"), (public.pk, "3,5")]
        await english.until(lambda: english.values() == [(public.pk, "1"), (public.pk, "3.5")])
        await asyncio.get_running_loop().run_in_executor(thread, narrow)
        await store((public.pk, 99.0, NOW + timedelta(minutes=2)))
        await steward.until(lambda: (public.pk, "99") in steward.values())
        await visitor.until(lambda: visitor.events("gone") == [public.pk])
        await visitor.leave()
        await feed.close()  # ends the others: a server that stops does not wait for pages
        await asyncio.wait_for(
            asyncio.gather(other.task, english.task, steward.task), WITHIN_SECONDS
        )
        assert "99" not in visitor.text + other.text
        assert visitor.status == 200
        assert visitor.text.startswith("retry: ")

    asyncio.run(run())


def test_one_page_with_an_evil_cookie_takes_the_values_from_nobody(transactional_db, monkeypatch):
    world = HubWorld()
    public = world.streams["menden", "public"]
    real, fails = live_service.visible_streams, [True]

    def at_times_away(wanted):
        if fails.pop() if fails else False:
            message = "the database restarts"
            raise OperationalError(message)
        return real(wanted)

    monkeypatch.setattr(live_service, "visible_streams", at_times_away)
    monkeypatch.setattr(live_feed, "RETRY_SECONDS", 0.01)

    async def run():
        door, feed = live_door(connect_parameters())
        await store((public.pk, 1.0, NOW))
        # In quotes a cookie may hold any character by its number: here NUL.
        evil = Page(door, topic_of([public.pk]), cookie='"\\000abcdefgh"')
        visitor = Page(door, topic_of([public.pk]), address="192.0.2.2")
        await visitor.until(lambda: visitor.values() == [(public.pk, "1")])
        await evil.until(lambda: evil.values() == [(public.pk, "1")])  # as a visitor
        await feed.close()
        await asyncio.wait_for(asyncio.gather(evil.task, visitor.task), WITHIN_SECONDS)

    asyncio.run(run())


def test_a_topic_that_nobody_signed_or_that_is_old_is_no_topic(monkeypatch):
    path = topic_of([3, 1])
    assert topic_at(path) == Topic("de", frozenset({1, 3}))
    assert topic_at(path + "x") is None
    assert topic_at(f"{PATH}WzEsM10:1vM:erfunden") is None
    monkeypatch.setattr("stadtwabe.hub.live.topics.VALID_SECONDS", -1)
    assert topic_at(path) is None
    assert topic_of([]) == ""


def test_one_address_and_one_process_hold_so_many_pages_and_no_more(monkeypatch):
    monkeypatch.setattr(live_door_module, "MOST_OF_ADDRESS", 2)
    monkeypatch.setattr(live_door_module, "HEARTBEAT_SECONDS", 0.01)

    class Nobody(Feed):
        """A feed that has nothing to say."""

        def __init__(self):
            self._listeners = set()

        def join(self, listener):
            self._listeners.add(listener)

        def leave(self, listener):
            self._listeners.discard(listener)

    async def run():
        door = live_door_module.LiveDoor(Nobody(), most=3, cookie="s")
        path = topic_of([1])
        first = [Page(door, path, address="2001:db8::1"), Page(door, path, address="2001:db8::2")]
        for page in first:
            await page.until(lambda page=page: ":\n\n" in page.text)  # the sign of life
        refused = Page(door, path, address="2001:db8::3")
        await refused.task
        assert refused.status == 503
        third = Page(door, path)
        await third.until(lambda: third.status == 200)
        fourth = Page(door, path, address="198.51.100.7")
        await fourth.task
        assert fourth.status == 503
        await first[0].leave()
        again = Page(door, path, address="2001:db8::3")
        await again.until(lambda: again.status == 200)
        old = Page(door, f"{PATH}alt")
        await old.task
        assert old.status == 204  # the browser does not come back
        for page in (first[1], third, again):
            await page.leave()

    asyncio.run(run())
