"""Every write of this app that has a consequence. Views, the admin and commands call these."""
