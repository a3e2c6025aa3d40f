"""The public pages of a territory, one module a noun."""
