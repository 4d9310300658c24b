"""The second verifier, a module for each part of docs/spec."""
