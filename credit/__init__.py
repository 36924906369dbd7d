"""Credit: records of institutions, the policy that weighs them, scores and explanations."""
