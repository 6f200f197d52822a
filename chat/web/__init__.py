"""The web: what a browser asks of a port, and WebSockets that speak IRC."""
