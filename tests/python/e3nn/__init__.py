# Stands in for e3nn in tests, which run where it is not installed: what model.py calls, written from the README of its reference numbers, and checked
# against those numbers (check-stand-in.py). It is no part of the product.
