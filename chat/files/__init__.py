"""Files that people send one another by HTTP: what they are called, where they lie, who may send how many."""
