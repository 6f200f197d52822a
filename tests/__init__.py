"""Conversations, contracts and scenes: what the chat promises, tried."""
