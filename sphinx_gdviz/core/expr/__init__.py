"""Expressions: read from text or traced from Python, differentiated, evaluated and printed."""
