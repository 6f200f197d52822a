"""What the people who run the daemon need: word to systemd, administration."""
