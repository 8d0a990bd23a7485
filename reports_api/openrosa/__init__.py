"""OpenRosa 1.0: reports from ODK Collect and KoboCollect, which work for days without a connection."""
