"""How the adapter of the embedded language model is made: invented articles, examples, training."""
