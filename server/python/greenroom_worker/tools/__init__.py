"""The tools of this worker. Each runs what the interpreter has installed, and gives what its own
command line gives."""

from __future__ import annotations

from .autopep8_tool import Autopep8Tool
from .black_tool import BlackTool
from .flake8_tool import Flake8Tool
from .isort_tool import IsortTool
from .mypy_tool import MypyTool
from .pylint_tool import PylintTool

TOOLS = (BlackTool(), IsortTool(), Autopep8Tool(), MypyTool(), PylintTool(), Flake8Tool())
