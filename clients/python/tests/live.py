"""Where the server under test listens: scripts/check-python-client starts it and sets LIGATURE_ADDRESS."""
import os


def address():
    """Throws KeyError without a server: these tests are never skipped."""
    return os.environ["LIGATURE_ADDRESS"]
