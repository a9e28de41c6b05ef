"""The corpus of real public documents, where there is one: in the folder CORPUS, else beside the project."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.fixture(scope="session")
def corpus() -> Path:
    folder = Path(os.environ.get("CORPUS") or BESIDE)
    if not (folder / "gazette").is_dir():
        pytest.skip(f"the corpus is not at {folder}; set CORPUS to its folder")
    return folder
