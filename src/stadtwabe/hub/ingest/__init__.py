"""The one hot path: bytes to typed rows to one writer; free of Django and of models."""
