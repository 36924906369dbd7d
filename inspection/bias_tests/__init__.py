"""历史抽查体检: past draws of another system, tested for what a fair draw would not do."""
