"""The key of a session (contract 4.5 and 4.6), in the form of the seed or the current one."""


def build_session_key(source, group_per_user=True, thread_per_user=False, profile=None, era="current"):
    platform = source["platform"]
    is_dm = source.get("chat_type", "dm") == "dm"
    is_whatsapp = platform == "whatsapp"
    chat = source.get("chat_id") or ""
    if is_whatsapp and is_dm:
        chat = canonical(chat)
    who = source.get("user_id_alt") or source.get("user_id") or ""
    if is_whatsapp:
        who = canonical(who)
    thread = source.get("thread_id") or ""
    slot = source.get("chat_type", "dm")
    if era == "current" and not thread and not is_dm and source.get("prospective_thread_id"):
        thread, slot = source["prospective_thread_id"], "thread"
    if is_dm:
        isolate = not chat
    else:
        isolate = group_per_user and not (thread and not thread_per_user)
    own = who if isolate else ""
    scope = source.get("scope_id") if platform == "slack" and era == "current" else ""
    tail = [own, thread] if is_dm else [thread, own]
    parts = [_namespace(profile, era), platform, slot, scope, chat, *tail]
    return ":".join(part for part in parts if part)


def canonical(identifier):
    """A WhatsApp identifier without a map of aliases."""
    return identifier.strip().replace("+", "", 1).split(":", 1)[0].split("@", 1)[0]


def _namespace(profile, era):
    if profile in (None, "", "default"):
        return "agent:main"
    if profile == "main":
        return "agent:main~" if era == "current" else "agent:main"
    return f"agent:{profile}"
