"""Signing in with the territory's identity provider: OpenID Connect, authorization code with PKCE, nothing else."""
