"""Certificates, made here and checked anywhere: what reads and checks one needs no database."""
