"""Programs that tests start as processes of their own, and a database of their own to run on."""
