"""Double Random: registers, credit grades and verifiable random inspections of legal services (双随机、一公开).

In a checkout the packages lie beside this one, at the top of the repository; an installed wheel has them inside.
"""

from pathlib import Path

_top = Path(__file__).parent.parent
if (_top / "pyproject.toml").is_file() and (_top / "cli.py").is_file():
    __path__.append(str(_top))
