"""Double Random: registers, credit grades and verifiable random inspections of legal services (双随机、一公开).

In a checkout the packages lie beside this one, at the top of the repository; an installed wheel has them inside.
`seal` and `draw` make a provable draw from two tables, without home or register (docs/guides/bare-draws.md).
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from double_random.inspection.bare.table_draws import draw_tables as draw
    from double_random.inspection.bare.table_draws import seal_tables as seal

__all__ = ["draw", "seal"]

_top = Path(__file__).parent.parent
if (_top / "pyproject.toml").is_file() and (_top / "cli.py").is_file():
    __path__.append(str(_top))


def __getattr__(name: str) -> Any:
    """`draw` and `seal` are loaded when they are used, so that no command waits for them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from double_random.inspection.bare import table_draws

    return getattr(table_draws, f"{name}_tables")
