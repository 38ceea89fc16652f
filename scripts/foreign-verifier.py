"""Verifies an access token by the key set alone: argv is the issuer and the key set's URL, stdin the token."""

import sys

import jwt

issuer, key_set_url = sys.argv[1:]
token = sys.stdin.read()

key = jwt.PyJWKClient(key_set_url).get_signing_key_from_jwt(token).key
claims = jwt.decode(token, key, algorithms=["EdDSA"], issuer=issuer, audience=issuer)
print(claims["sub"])
