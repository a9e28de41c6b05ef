from tests.corpus import corpus

__all__ = ["corpus"]
