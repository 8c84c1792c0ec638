"""Parts of the content managers' pages; their client half is `assets/manage`."""
