"""The token of an upgrade and of the HTTP routes (contract 2.2). The secret is text; it is never hex-decoded."""
import base64
import hashlib
import hmac

LIFETIME_S = 300


def mint(gateway_id, secret, exp):
    signed = f"{gateway_id}:{exp}"
    text = f"{signed}:{_signature(secret, signed).hex()}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def verify(token, secrets_of, now):
    """`(verdict, payload)`; the verdict is `ok`, `unauthorized` or `expired`."""
    try:
        padded = token + "=" * (-len(token) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
        payload, exp_text, sig = text.rsplit(":", 2)
        exp, given = int(exp_text), bytes.fromhex(sig)
    except (ValueError, UnicodeDecodeError):
        return "unauthorized", None
    wanted = [_signature(secret, f"{payload}:{exp_text}") for secret in secrets_of(payload) if secret]
    if not any(hmac.compare_digest(one, given) for one in wanted):
        return "unauthorized", payload
    return ("expired" if exp != 0 and now > exp else "ok"), payload


def _signature(secret, signed):
    return hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
