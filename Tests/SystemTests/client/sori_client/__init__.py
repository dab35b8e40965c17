"""A client that shares no code with Sori: it knows docs/protocol.md and messages.schema.json, and trusts nothing."""
