"""Crosscurrent."""
