"""The search kernel: the state of a plan in arrays, exact insertion and removal, and annealing, compiled."""
