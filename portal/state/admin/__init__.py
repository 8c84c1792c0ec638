"""States of the content managers' pages. Each handler begins with the guard."""
