"""OneFlow.AI: one way to many models."""

__version__ = "2.0.0"
