"""Tests of the terms of the cost."""
