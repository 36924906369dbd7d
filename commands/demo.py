"""`demo`: the guided tour."""

from __future__ import annotations

from double_random.commands.current_home import home_path


def run_demo() -> None:
    """Run the guided tour of a fictitious bureau: registers, grades, two verified draws, a public site."""
    from double_random.demo.story import run_tour
    from double_random.store.home import Home

    path = home_path()
    run_tour(path, default_home=path == Home.locate(None))
