"""Pure functions of Vars and event handlers: what pages are made of."""
