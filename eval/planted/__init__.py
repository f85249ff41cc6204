"""Sentences made by rule from real lines, false and true ones: how well the check tells them."""
