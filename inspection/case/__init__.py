"""The case file of one draw (案卷): its acts, its targets and their steps, and the rules for new acts."""
