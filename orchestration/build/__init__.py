"""From the landing to a judged candidate: the warehouse, the candidate and the gate."""
