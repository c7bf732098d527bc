"""The demo company: a week of a cleaning company as records, with a login for each role."""

from service.demo.seeding import DEMO, Login, demo_plan, demo_problem, seed

__all__ = ["DEMO", "Login", "demo_plan", "demo_problem", "seed"]
