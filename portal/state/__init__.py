"""Thin Reflex states: read inputs, call one service, assign views, map errors to words."""
