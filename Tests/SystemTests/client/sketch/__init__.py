"""The client of the sketch that Sori began from: a microphone, windows, a detector, a proxy. docs/architecture.md
compares the sketch with what became of it."""
