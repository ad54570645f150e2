"""A Discord interaction that was passed on, as the event of a message (contract 6.2 and 6.3)."""
import base64
import binascii
import json
import re

TOKEN = re.compile(r"hp1:([A-Za-z0-9_.-]{1,32}):([A-Za-z0-9_.-]{1,32})")
THREADS = (10, 11, 12)


def body_of(forward):
    """The bytes; none of them when the base64 is malformed."""
    try:
        return base64.b64decode(forward.get("bodyB64", ""), validate=True)
    except (binascii.Error, ValueError, TypeError):
        return b""


def to_message(forward, era="current"):
    """None for what is to be dropped."""
    try:
        body = json.loads(body_of(forward))
    except ValueError:
        return None
    if not isinstance(body, dict) or forward.get("platform") != "discord":
        return None
    event = {"text": "", "message_type": "text", "message_id": body.get("id"), "source": _source(body, forward, era)}
    data = body.get("data") or {}
    if body.get("type") == 2:
        event["text"] = data.get("name", "") if era == "seed" else "/" + " ".join(_words(data))
        event["message_type"] = "text" if era == "seed" else "command"
    elif body.get("type") == 3:
        _component(event, body, data, era)
    return event


def _component(event, body, data, era):
    event["text"] = data.get("custom_id", "")
    token = TOKEN.fullmatch(event["text"])
    if token is None or era == "seed" or len(event["text"].encode()) > 64:
        return
    prompt_id, option_id = token.groups()
    event["text"] = f"/{option_id}"
    event["message_type"] = "command"
    event["prompt_response"] = {
        "prompt_id": prompt_id,
        "option_id": option_id,
        "prompt_message_id": (body.get("message") or {}).get("id"),
    }


def _words(data):
    yield data.get("name", "")
    yield from _option_words(data.get("options") or [])


def _option_words(options):
    for option in options:
        if option.get("type") in (1, 2):
            yield option.get("name", "")
            yield from _option_words(option.get("options") or [])
            continue
        word = str(option.get("value", "")).strip()
        if word:
            yield word


def _source(body, forward, era):
    member = body.get("member") or {}
    user = member.get("user") or body.get("user") or {}
    guild = body.get("guild_id")
    channel = body.get("channel") or {}
    is_thread = bool(guild) and era == "current" and channel.get("type") in THREADS
    name = user.get("username")
    if era == "current":
        name = member.get("nick") or user.get("global_name") or name
    in_guild = "thread" if is_thread else "group" if era == "current" else "channel"
    return {
        "platform": "discord" if era == "current" else "relay",
        "chat_id": body.get("channel_id"),
        "chat_type": in_guild if guild else "dm",
        "user_id": user.get("id"),
        "user_name": name,
        "thread_id": body.get("channel_id") if is_thread else None,
        "parent_chat_id": channel.get("parent_id") if is_thread else None,
        "scope_id": guild,
        "message_id": body.get("id"),
        "profile": forward.get("profile"),
    }
