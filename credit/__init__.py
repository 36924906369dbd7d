"""Credit: records of institutions, the policy that weighs them, the score and its explanation."""
