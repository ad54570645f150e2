"""How a test steers a peer: one JSON command a line on stdin, one JSON event a line on stdout.

A command is `{"id": 1, "do": "name", ...}`; its answer is the event `answered` or `failed` with the same id. Commands run
side by side, so one that waits holds up none. The answer to `caught_up` comes after everything that has happened before.
"""
import json
import sys
import threading

_writing = threading.Lock()


def tell(event, **about):
    with _writing:
        sys.stdout.write(json.dumps({"event": event, **about}) + "\n")
        sys.stdout.flush()


def obey(commands):
    """Runs until stdin ends. `commands`: functions by name, called with the members of the command."""
    commands = {**commands, "caught_up": lambda: None}
    for line in sys.stdin:
        command = json.loads(line)
        threading.Thread(target=_run, args=(commands, command), daemon=True).start()


def _run(commands, command):
    number = command.pop("id")
    name = command.pop("do")
    try:
        value = commands[name](**command)
    except Exception as error:  # whatever went wrong is the answer
        tell("failed", id=number, error=f"{name}: {type(error).__name__}: {error}")
    else:
        tell("answered", id=number, value=value)
