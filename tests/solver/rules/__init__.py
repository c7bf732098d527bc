"""Tests of the hard rules: what lowers, and what a plan breaks."""
