"""历史抽查体检: tests past draws of another system for patterns that a fair draw would not show."""
