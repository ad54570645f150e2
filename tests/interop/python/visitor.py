"""One visit to the threads plane with python-socketio: argv is URL, namespace, token, transport, thread id.

Prints one JSON object: every answer, and every push in the order in which it came.
"""
import json
import sys
import threading

import socketio

url, namespace, token, transport, thread_id = sys.argv[1:6]
pushes = []
completed = threading.Event()

client = socketio.Client(reconnection=False)


def remember(name):
    def on_push(payload):
        pushes.append([name, payload])
        if name == "event" and payload["type"] == "run.completed":
            completed.set()

    client.on(name, on_push, namespace=namespace)


for name in ["event", "thread:updated", "members:updated", "run:updated"]:
    remember(name)

client.connect(url, auth={"token": token}, transports=[transport], namespaces=[namespace])


def ask(name, payload):
    return client.call(name, payload, namespace=namespace, timeout=30)


draft = {"client_id": "from-python", "content": [{"type": "text", "text": "grüße 🐍"}]}
answers = {
    "transport": client.transport(),
    "joined": ask("thread:join", {"thread_id": thread_id}),
    "sent": ask("message:send", {"thread_id": thread_id, "draft": draft}),
    "sent_again": ask("message:send", {"thread_id": thread_id, "draft": draft}),
    "invoked": ask("assistant:invoke", {"thread_id": thread_id, "assistant_ids": ["echo"]}),
}
if not completed.wait(30):
    sys.exit("the run did not end")
first = pushes[0][1]
answers["resumed"] = ask(
    "thread:join",
    {"thread_id": thread_id, "since": {"created_at": first["created_at"], "id": first["id"]}},
)
answers["malformed"] = ask("message:send", "text")
answers["unknown"] = ask("thread:join", {"thread_id": "th_none"})
answers["left"] = ask("thread:leave", {"thread_id": thread_id})
client.disconnect()
print(json.dumps({"answers": answers, "pushes": pushes}))
