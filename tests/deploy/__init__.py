"""How the platform is started, kept running and shipped."""
