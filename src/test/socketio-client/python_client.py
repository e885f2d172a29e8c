"""Debian's python3-socketio against running pods: what each of its transports must hear."""

import json
import os
import sys
import threading

import socketio

PATIENCE_S = 30
TIMES = 12
BUFFERED = 12

with open(os.environ["CHAT_TEST_WORLD"], encoding="utf-8") as file:
    WORLD = json.load(file)


class Client:
    """A client that notes what it hears."""

    def __init__(self, transports, token):
        self.heard = []
        self.news = threading.Condition()
        self.io = socketio.Client(reconnection_delay=0.1)
        for event in ("chat_authenticated", "error", "new_message", "connect", "disconnect"):
            self.io.on(event, self.note(event))
        self.io.connect(WORLD["address"], transports=transports, auth={"token": token})

    def note(self, event):
        def handler(*data):
            with self.news:
                self.heard.append((event, data[0] if data else None))
                self.news.notify_all()

        return handler

    def all(self, event):
        return [data for one, data in self.heard if one == event]

    def hears(self, event, count=1):
        with self.news:
            came = self.news.wait_for(lambda: len(self.all(event)) >= count, PATIENCE_S)
            assert came, f"no {event}; heard: {self.heard}"
            return self.all(event)

    def granted(self, event, data):
        reply = self.io.call(event, data, timeout=PATIENCE_S)
        assert reply["ok"], f"{event} was refused: {reply}"
        return reply["data"]


def refused(transports):
    for _ in range(TIMES):
        client = Client(transports, WORLD["token"])
        client.hears("disconnect")
        client.io.wait()  # returns at once, unless the client is about to come back
        events = [event for event, _ in client.heard if event != "connect"]
        assert events == ["error", "disconnect"], client.heard
        assert client.all("error")[0]["code"] == "invalid_token", client.heard
        assert len(client.all("connect")) <= 1, client.heard


def talks(transports, ticket, ana, bob):
    first = Client(transports, ana["token"])
    second = Client(transports, bob["token"])
    try:
        first.hears("chat_authenticated")
        second.hears("chat_authenticated")
        first.granted("join_ticket_chat", {"ticket_id": ticket})
        second.granted("join_ticket_chat", {"ticket_id": ticket})
        # More than this client takes in one answer to a poll, were they all in one.
        texts = [f"{i} " + "x" * 2048 for i in range(BUFFERED)]
        for text in texts:
            first.io.emit("send_message", {"ticket_id": ticket, "text": text})
        for client in (first, second):
            messages = client.hears("new_message", BUFFERED)
            assert [one["text"] for one in messages] == texts, messages
        for client in (first, second):
            assert not client.all("error") and not client.all("disconnect"), client.heard
    finally:
        first.io.disconnect()
        second.io.disconnect()


for number, given in enumerate(WORLD["python"]):
    refused(given.get("transports"))
    print(f"{given['name']}: a refused token", flush=True)
    talks(given.get("transports"), given["ticket"], given["ana"], given["bob"])
    print(f"{given['name']}: two talk", flush=True)
sys.exit(0)
