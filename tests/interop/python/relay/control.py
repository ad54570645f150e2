"""The HTTP calls of a gateway: enrolment, provisioning, policy, management and media (contract 8 and 9)."""
import base64

import requests

TIMEOUT_S = 30


def dial_url(base):
    url = base.strip()
    for web, socket in (("https://", "wss://"), ("http://", "ws://")):
        if url.startswith(web):
            url = socket + url[len(web):]
    url = url.rstrip("/")
    return url if url.endswith("/relay") else f"{url}/relay"


def http_url(base, route):
    url = base.strip()
    for socket, web in (("wss://", "https://"), ("ws://", "http://")):
        if url.startswith(socket):
            url = web + url[len(socket):]
    return url.rstrip("/").removesuffix("/relay") + route


def post(base, route, bearer, body):
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    return _answer(requests.post(http_url(base, route), json=body, headers=headers, timeout=TIMEOUT_S))


def upload(base, bearer, content_b64, mime, filename=None):
    headers = {"Authorization": f"Bearer {bearer}", "Content-Type": mime}
    if filename:
        headers["X-Media-Filename"] = filename
    content = base64.b64decode(content_b64)
    return _answer(requests.post(http_url(base, "/relay/media"), data=content, headers=headers, timeout=TIMEOUT_S))


def download(url, bearer):
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    response = requests.get(url, headers=headers, timeout=TIMEOUT_S)
    answer = {"status": response.status_code, "headers": {k.lower(): v for k, v in response.headers.items()}}
    return {**answer, "content": base64.b64encode(response.content).decode()}


def _answer(response):
    try:
        body = response.json()
    except ValueError:
        body = response.text
    return {"status": response.status_code, "body": body}
